import { AppError } from '@facehash/contracts';
import { createHash } from 'node:crypto';
import { CONVOLUTIONS, EMBEDDING_SIZE, MAP_AREA, type Dense, type Network } from './network.js';

const MAGIC = 'FHSF';
const FORMAT_VERSION = 1;
/** Magic, format version and length of the JSON header (two little-endian uint32). */
const PREFIX_BYTES = 12;
const SHA256_BYTES = 32;
/** Hex digits of the checksum in an id. */
const ID_DIGITS = 16;
/** Inputs that share a scale and a zero point in a quantised row. */
const BLOCK = 64;

/**
 * magic `FHSF` · uint32 format version · uint32 header bytes · JSON header (where it is from) · body · SHA-256 of all before.
 * Little-endian. The body holds the layers in the order of the network:
 * the first and the depthwise convolutions as float32 kernels, biases, slopes;
 * pointwise ones as int8 rows, then float32 scales and int8 zero points of their blocks, biases, slopes;
 * the dense layer as rows, scales, zero points, biases, and a factor and an offset for each of its input channels.
 * Written by `convert/convert.py`.
 * @throws AppError MODEL_CORRUPT when the file is not whole and unchanged
 */
export function parseWeights(file: Uint8Array): Network {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < PREFIX_BYTES + SHA256_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) {
    throw corrupt(`expected a file that starts with ${MAGIC}, got ${bytes.length} other bytes`);
  }
  const version = bytes.readUInt32LE(4);
  if (version !== FORMAT_VERSION) {
    throw corrupt(`expected format version ${FORMAT_VERSION}, got ${version}; use the release that wrote it`);
  }
  const content = bytes.subarray(0, -SHA256_BYTES);
  const checksum = createHash('sha256').update(content).digest();
  if (!checksum.equals(bytes.subarray(-SHA256_BYTES))) {
    throw corrupt('the checksum does not match: the file is cut or changed; restore it from the release');
  }
  // A copy: its own buffer is aligned to 4 bytes, which a file inside a larger buffer need not be.
  const body = reader(Uint8Array.from(content.subarray(PREFIX_BYTES + bytes.readUInt32LE(8))).buffer);

  const convolutions = CONVOLUTIONS.map((shape) => {
    const { kind, inputs, outputs } = shape;
    const kernel = kind === 'pointwise' ? body.quantised(outputs, inputs) : body.floats(outputs * 9);
    return { ...shape, kernel, bias: body.floats(outputs), slope: body.floats(outputs) };
  });
  const dense = readDense(body, CONVOLUTIONS.at(-1)!.outputs);
  if (body.left() !== 0) throw corrupt(`expected the end, got ${body.left()} more bytes`);
  return { id: `sface-${checksum.toString('hex').slice(0, ID_DIGITS)}`, convolutions, dense };
}

/** A batch norm lies between the last feature maps and the dense layer: it goes into the layer. */
function readDense(body: Reader, channels: number): Dense {
  const inputs = channels * MAP_AREA;
  const weights = body.quantised(EMBEDDING_SIZE, inputs);
  const bias = body.floats(EMBEDDING_SIZE).slice();
  const [factor, offset] = [body.floats(channels), body.floats(channels)];
  for (let output = 0, at = 0; output < EMBEDDING_SIZE; output++) {
    let constant = 0;
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < MAP_AREA; place++, at++) {
        constant += weights[at]! * offset[channel]!;
        weights[at]! *= factor[channel]!;
      }
    }
    bias[output]! += constant;
  }
  return { inputs, outputs: EMBEDDING_SIZE, weights, bias };
}

interface Reader {
  floats(length: number): Float32Array;
  /** `rows` × `length` numbers from int8 blocks. */
  quantised(rows: number, length: number): Float32Array;
  left(): number;
}

function reader(body: ArrayBuffer): Reader {
  let at = 0;
  const take = (bytes: number): number => {
    if (at + bytes > body.byteLength) throw corrupt('it ends in the middle of a layer');
    at += bytes;
    return at - bytes;
  };
  const floats = (length: number) => new Float32Array(body, take(4 * length), length);
  const integers = (length: number) => new Int8Array(body, take(length), length);
  return {
    floats,
    quantised(rows, length) {
      const block = Math.min(BLOCK, length);
      const numbers = integers(rows * length);
      const scales = floats((rows * length) / block);
      const zeros = integers(scales.length);
      const values = new Float32Array(numbers.length);
      for (let of = 0, i = 0; of < scales.length; of++) {
        const [scale, zero] = [scales[of]!, zeros[of]!];
        for (const end = i + block; i < end; i++) values[i] = (numbers[i]! - zero) * scale;
      }
      return values;
    },
    left: () => body.byteLength - at,
  };
}

const corrupt = (reason: string) =>
  new AppError('MODEL_CORRUPT', `Weights of the face embedding: ${reason}.`);
