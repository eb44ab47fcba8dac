import { MAP_AREA, type Network } from '../network.js';

/**
 * The same function of a picture turned by 180°, in a form that TensorFlow.js computes fast on every backend. Both changes are exact:
 *
 * - At stride 2 TensorFlow's padding `same` adds its row and column at the bottom and right, the network's is at the top and left.
 *   Turning picture, kernels and the dense layer's maps brings them together.
 * - PReLU as max(x, a·x) holds for slopes up to 1. Above, it is −max(y, y/a) for y = −a·x: such a channel is turned to that before its
 *   PReLU, which gets the slope 1/a, and back, by the weights of the next layer, after it.
 */
export function rewriteForTfjs({ id, convolutions, dense }: Network): Network {
  let negated: readonly number[] = [];
  const rewritten = convolutions.map((layer) => {
    const { kind, inputs, outputs } = layer;
    const kernel = kind === 'pointwise' ? layer.kernel.slice() : turned(layer.kernel, 9);
    const bias = layer.bias.slice();
    const taps = kernel.length / outputs;
    if (kind === 'pointwise') {
      for (const input of negated) {
        for (let output = 0; output < outputs; output++) kernel[output * inputs + input]! *= -1;
      }
    } else {
      for (const channel of negated) scaleRow(kernel, channel, taps, -1);
    }
    negated = [...layer.slope.keys()].filter((channel) => layer.slope[channel]! > 1);
    const slope = layer.slope.slice();
    for (const channel of negated) {
      scaleRow(kernel, channel, taps, -slope[channel]!);
      bias[channel]! *= -slope[channel]!;
      slope[channel] = 1 / slope[channel]!;
    }
    return { ...layer, kernel, bias, slope };
  });
  const weights = turned(dense.weights, MAP_AREA);
  const channels = dense.inputs / MAP_AREA;
  for (const channel of negated) {
    for (let output = 0; output < dense.outputs; output++) {
      scaleRow(weights, output * channels + channel, MAP_AREA, -1);
    }
  }
  return { id, convolutions: rewritten, dense: { ...dense, weights } };
}

function scaleRow(rows: Float32Array, row: number, length: number, factor: number): void {
  for (let at = row * length; at < (row + 1) * length; at++) rows[at]! *= factor;
}

/** Every picture of `area` numbers turned by 180°. */
function turned(pictures: Float32Array, area: number): Float32Array {
  const result = pictures.slice();
  for (let at = 0; at < result.length; at += area) result.subarray(at, at + area).reverse();
  return result;
}
