import { describe, expect, it } from '@jest/globals';
import { readModelFile, readTfjs, writeH5, writeKeras, writeTfjs, type Network } from './index.js';
import { everyLayer, twins } from './testing/networks.js';

const NOW = new Date('2026-11-24T11:51:38Z');

/** Everything, with numbers that JSON can compare. */
const plain = ({ layers, ...network }: Network) => ({
  ...network,
  layers: layers.map((layer) => ({
    ...layer,
    variables: layer.variables.map(({ values, ...variable }) => ({ ...variable, values: [...values] })),
  })),
});

describe('a model written and read back', () => {
  it('is the same from .keras, .h5 and the TensorFlow.js files', async () => {
    const network = everyLayer();
    expect(plain(await readModelFile(await writeKeras(network, NOW)))).toEqual(plain(network));
    expect(plain(await readModelFile(await writeH5(network)))).toEqual(plain(network));
    expect(plain(readTfjs(writeTfjs(network)))).toEqual(plain(network));
  });

  it('takes a layer twice through a copy where TensorFlow.js would free it too early', () => {
    const { layers } = readTfjs(writeTfjs(twins()));
    expect(layers.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['features', []],
      ['squared_copy_1', ['features']],
      ['squared', ['features', 'squared_copy_1']],
    ]);
  });
});
