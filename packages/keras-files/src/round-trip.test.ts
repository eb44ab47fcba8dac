import { describe, expect, it } from '@jest/globals';
import { readModelFile, writeModelFile, writeTfjs, type Network } from './index.js';
import { ABOUT, everyLayer, twins } from './testing/networks.js';
import { readTfjs } from './tfjs-files.js';

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
    expect(plain(await readModelFile(await writeModelFile(writeTfjs(network), 'keras', ABOUT)))).toEqual(
      plain(network),
    );
    expect(plain(await readModelFile(await writeModelFile(writeTfjs(network), 'h5', ABOUT)))).toEqual(
      plain(network),
    );
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
