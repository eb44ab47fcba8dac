import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CONVOLUTIONS, EMBEDDING_SIZE, MAP_AREA } from './network.js';
import { parseWeights } from './weights-file.js';

const shipped = () => readFile(new URL('../weights/sface.weights', import.meta.url));

/** With a checksum that fits. */
function sealed(content: Buffer): Buffer {
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

describe('the shipped weights', () => {
  it('are the network of the architecture: 27 convolutions and a dense layer, 9.63 million parameters', async () => {
    const { convolutions, dense } = parseWeights(await shipped());
    expect(convolutions).toHaveLength(27);
    expect(convolutions.map(({ kernel }) => kernel.length)).toEqual(
      CONVOLUTIONS.map(({ kind, inputs, outputs }) => outputs * (kind === 'pointwise' ? inputs : 9)),
    );
    expect(dense.weights).toHaveLength(EMBEDDING_SIZE * 1024 * MAP_AREA);
    const parameters = convolutions.reduce((sum, { kernel, bias }) => sum + kernel.length + bias.length, 0);
    expect((parameters + dense.weights.length) / 1e6).toBeCloseTo(9.63, 1);
  });

  it('have an id of their own', async () => {
    const file = await shipped();
    const other = Buffer.from(file.subarray(0, -32));
    other[other.length - 1]! ^= 1;
    expect(parseWeights(file).id).toMatch(/^sface-[0-9a-f]{16}$/);
    expect(parseWeights(sealed(other)).id).not.toBe(parseWeights(file).id);
  });
});

describe('a weights file', () => {
  it.each<[string, (file: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', (file) => Buffer.concat([Buffer.from('GIF8'), file.subarray(4)])],
    [
      'is of another version',
      (file) => Buffer.concat([file.subarray(0, 4), Buffer.from([2]), file.subarray(5)]),
    ],
    ['has a flipped bit', (file) => file.fill(file[5000]! ^ 1, 5000, 5001)],
    ['is cut', (file) => file.subarray(0, file.length / 2)],
    ['is cut and sealed again', (file) => sealed(file.subarray(0, 100_000))],
    [
      'is too long and sealed again',
      (file) => sealed(Buffer.concat([file.subarray(0, -32), Buffer.alloc(4)])),
    ],
  ])('is refused when it %s', async (_, spoil) => {
    const spoilt = spoil(Buffer.from(await shipped()));
    expect(() => parseWeights(spoilt)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
  });
});
