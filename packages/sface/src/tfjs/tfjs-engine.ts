import * as tf from '@tensorflow/tfjs-core';
import { inTurn, type EmbeddingEngine } from '../engine.js';
import { CENTRE, FACE_PIXELS, FACE_SIDE, MAP_AREA, SPREAD, type Network } from '../network.js';
import { rewriteForTfjs } from './rewrite-for-tfjs.js';

/**
 * Faces that go through the network together; 28 ms for one and 9 to 10 ms each for eight on native TensorFlow, and more
 * only take memory.
 */
const BATCH = 8;

type Layer = (maps: tf.Tensor4D) => tf.Tensor4D;

/** The network on TensorFlow.js, on the backend that is current now; plain CPU takes a second a face. */
export function createTfjsEngine(network: Network): EmbeddingEngine {
  // Each is exact. WASM takes 2 ms for a maximum and .1 for its own PReLU, native TensorFlow's PReLU three times as long as a maximum.
  const prelu: (sum: tf.Tensor4D, slope: tf.Tensor1D) => tf.Tensor4D =
    tf.getBackend() === 'wasm'
      ? (sum, slope) => tf.prelu<tf.Tensor>(sum, slope) as tf.Tensor4D
      : (sum, slope) => tf.maximum(sum, tf.mul(sum, slope));
  const rewritten = rewriteForTfjs(network);
  const held: tf.Tensor[] = [];
  const constant = <T extends tf.Tensor>(tensor: T): T => {
    held.push(tensor);
    return tensor;
  };

  const layers = rewritten.convolutions.map(
    ({ kind, inputs, outputs, stride, kernel, bias, slope }): Layer => {
      const taps = transposed(kernel, outputs);
      const shift = constant(tf.tensor1d(bias));
      const factor = constant(tf.tensor1d(slope));
      const activate = (sum: tf.Tensor4D): tf.Tensor4D => prelu(sum, factor);
      if (kind === 'depthwise') {
        const filter = constant(tf.tensor4d(taps, [3, 3, inputs, 1]));
        return (maps) => activate(tf.add(tf.depthwiseConv2d(maps, filter, stride, 'same'), shift));
      }
      const side = kind === 'full' ? 3 : 1;
      const filter = constant(tf.tensor4d(taps, [side, side, inputs, outputs]));
      return (maps) => activate(tf.add(tf.conv2d(maps, filter, stride, 'same'), shift));
    },
  );
  const { dense } = rewritten;
  const weights = constant(
    tf.tidy(() => {
      const channels = dense.inputs / MAP_AREA;
      const rows = tf.tensor3d(dense.weights, [dense.outputs, channels, MAP_AREA]);
      // TensorFlow.js keeps the channels of a place together, the file the places of a channel.
      return tf.reshape<tf.Rank.R2>(tf.transpose(rows, [2, 1, 0]), [dense.inputs, dense.outputs]);
    }),
  );
  const bias = constant(tf.tensor1d(dense.bias));

  const embedBatch = async (faces: Uint8Array, count: number): Promise<Float32Array> => {
    const embeddings = tf.tidy(() => {
      const grey = tf.tensor4d(Float32Array.from(faces), [count, FACE_SIDE, FACE_SIDE, 1]);
      const turned = tf.reverse(grey, [1, 2]);
      const input = tf.div<tf.Tensor4D>(tf.sub(turned, CENTRE), SPREAD);
      const maps = layers.reduce((last, layer) => tf.tidy(() => layer(last)), input);
      const flat = tf.reshape<tf.Rank.R2>(maps, [count, dense.inputs]);
      return tf.add(tf.matMul(flat, weights), bias);
    });
    const numbers = await embeddings.data<'float32'>();
    embeddings.dispose();
    return numbers;
  };

  const turn = inTurn();
  return {
    name: `TensorFlow.js (${tf.getBackend()})`,
    embed: (faces) =>
      turn(async () => {
        const count = faces.length / FACE_PIXELS;
        const embeddings = new Float32Array(count * dense.outputs);
        for (let at = 0; at < count; at += BATCH) {
          const many = Math.min(BATCH, count - at);
          const part = faces.subarray(at * FACE_PIXELS, (at + many) * FACE_PIXELS);
          embeddings.set(await embedBatch(part, many), at * dense.outputs);
        }
        return embeddings;
      }),
    close() {
      tf.dispose(held);
    },
  };
}

/** Rows of outputs as rows of taps, which is TensorFlow's order: for a depthwise kernel, too, as its output is its input. */
function transposed(kernel: Float32Array, outputs: number): Float32Array {
  const taps = kernel.length / outputs;
  return Float32Array.from(kernel, (_, at) => kernel[(at % outputs) * taps + Math.floor(at / outputs)]!);
}
