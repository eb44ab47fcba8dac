import { EMBEDDING_SIZE, FACE_SIDE, type Convolution, type Network } from '../network.js';
import { bytes, int, message, text } from './protobuf.js';

/** Of a file that every ONNX reader of the last years takes; OpenCV 4.6 included. */
const IR_VERSION = 6;
const OPERATOR_SET = 11;

/** Numbers of the fields as onnx.proto has them, and of the types used here. */
const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** The network as an ONNX file: normalised pictures (n = 1) in `face`, the embedding out of `embedding`. */
export function toOnnx({ convolutions, dense }: Network): Uint8Array {
  const nodes: Uint8Array[] = [];
  const tensors: Uint8Array[] = [];
  const constant = (name: string, dims: readonly number[], values: Float32Array): string => {
    tensors.push(message(5, tensor(name, dims, values)));
    return name;
  };
  const node = (
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Uint8Array[] = [],
  ) => {
    const names = [...inputs.map((input) => text(1, input)), text(2, output)];
    nodes.push(message(1, [...names, text(4, operator), ...attributes]));
    return output;
  };

  let last = 'face';
  convolutions.forEach((layer, at) => {
    const { outputs, kernel, bias, slope } = layer;
    const weights = [
      constant(`kernel${at}`, kernelShape(layer), kernel),
      constant(`bias${at}`, [outputs], bias),
    ];
    const sum = node('Conv', [last, ...weights], `sum${at}`, convAttributes(layer));
    last = node('PRelu', [sum, constant(`slope${at}`, [outputs, 1, 1], slope)], `maps${at}`);
  });
  const flat = node('Flatten', [last], 'flat');
  const weights = [
    constant('weights', [dense.outputs, dense.inputs], dense.weights),
    constant('bias', [dense.outputs], dense.bias),
  ];
  node('Gemm', [flat, ...weights], 'embedding', [attributeInt('transB', 1)]);

  const graph = [
    ...nodes,
    text(2, 'sface'),
    ...tensors,
    message(11, valueInfo('face', [1, 1, FACE_SIDE, FACE_SIDE])),
    message(12, valueInfo('embedding', [1, EMBEDDING_SIZE])),
  ];
  return Buffer.concat([int(1, IR_VERSION), message(7, graph), message(8, [int(2, OPERATOR_SET)])]);
}

function kernelShape({ kind, inputs, outputs }: Convolution): number[] {
  return kind === 'pointwise' ? [outputs, inputs, 1, 1] : [outputs, 1, 3, 3];
}

function convAttributes({ kind, inputs, stride }: Convolution): Uint8Array[] {
  const [side, pad] = kind === 'pointwise' ? [1, 0] : [3, 1];
  return [
    attributeInts('kernel_shape', [side, side]),
    attributeInts('pads', [pad, pad, pad, pad]),
    attributeInts('strides', [stride, stride]),
    attributeInt('group', kind === 'depthwise' ? inputs : 1),
  ];
}

const attributeInt = (name: string, value: number) =>
  message(5, [text(1, name), int(3, value), int(20, ATTRIBUTE_INT)]);

const attributeInts = (name: string, values: readonly number[]) =>
  message(5, [text(1, name), ...values.map((value) => int(8, value)), int(20, ATTRIBUTE_INTS)]);

const tensor = (name: string, dims: readonly number[], values: Float32Array): Uint8Array[] => [
  ...dims.map((size) => int(1, size)),
  int(2, FLOAT),
  text(8, name),
  bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
];

const valueInfo = (name: string, dims: readonly number[]): Uint8Array[] => {
  const shape = message(
    2,
    dims.map((size) => message(1, [int(1, size)])),
  );
  return [text(1, name), message(2, [message(1, [int(1, FLOAT), shape])])];
};
