import { describe, expect, it } from '@jest/globals';
import hdf5 from 'h5wasm';
import { readHdf5 } from './hdf5/read-hdf5.js';
import { group } from './hdf5/tree.js';
import { writeHdf5 } from './hdf5/write-hdf5.js';
import { kerasConfig } from './keras-config.js';
import { writeH5 } from './h5-file.js';
import { readModelFile } from './index.js';
import { writeKeras } from './keras-file.js';
import { ABOUT, everyLayer, networkOf } from './testing/networks.js';
import { writeZip } from './zip.js';

const refused = (about: RegExp) =>
  expect.objectContaining({ code: 'MODEL_UNSUPPORTED', message: expect.stringMatching(about) });
const text = (value: string) => new TextEncoder().encode(value);

const small = networkOf(
  ['features', 'InputLayer', { size: 4 }],
  ['answer', 'Dense', { units: 2, activation: 'linear', use_bias: true }, 'features'],
);

/** A .keras whose layers say what `edit` makes of them. */
async function withConfig(edit: (json: string) => string, network = small): Promise<Uint8Array> {
  const config = edit(JSON.stringify(kerasConfig(network)));
  return writeZip({ 'config.json': text(config), 'model.weights.h5': await writeHdf5(group({})) });
}

/** An HDF5 file made by hand, beyond what we would write. */
async function hdf5Of(fill: (file: InstanceType<typeof hdf5.File>) => void): Promise<Uint8Array> {
  const { FS } = await hdf5.ready;
  const file = new hdf5.File('/hostile.h5', 'w');
  fill(file);
  file.flush();
  file.close();
  return FS.readFile('/hostile.h5');
}

describe('a file from anywhere is refused, with a reason, when', () => {
  it.each<[string, (json: string) => string, RegExp]>([
    [
      'it holds code',
      (json) => json.replace('"class_name":"Dense"', '"class_name":"Lambda"'),
      /layer Lambda "answer"/,
    ],
    [
      'a layer of a known name comes from elsewhere',
      (json) => json.replaceAll('"module":"keras.layers"', '"module":"evil.layers"'),
      /"features" is none of/,
    ],
    ['it is no JSON', (json) => json.slice(9), /config.json is no JSON/],
    [
      'an activation is not on the list',
      (json) => json.replace('"linear"', '"gelu"'),
      /Dense "answer".*activation/,
    ],
    [
      'a layer takes from one that is not there',
      (json) => json.replace('y":["features"', 'y":["x"'),
      /takes from "x"/,
    ],
    [
      'its output is none of its layers',
      (json) => json.replace('[["answer",0,0]]', '[["a",0,0]]'),
      /output "a"/,
    ],
    ['it asks for more than memory', (json) => json.replace('"units":2', '"units":9000000'), /too large/],
  ])('%s', async (_, edit, reason) => {
    await expect(readModelFile(await withConfig(edit))).rejects.toEqual(refused(reason));
  });

  it('its layers double their width again and again', () => {
    const rows = Array.from({ length: 20 }, (_, at): [string, 'Concatenate', object, string, string] => [
      `l${at + 1}`,
      'Concatenate',
      { axis: -1 },
      `l${at}`,
      `l${at}`,
    ]);
    expect(() => networkOf(['l0', 'InputLayer', { size: 4 }], ...rows)).toThrow(/too large/);
  });

  it('it is cut short, empty, or another file altogether', async () => {
    for (const whole of [await writeKeras(small, ABOUT), await writeH5(small, ABOUT)]) {
      for (const length of [8, 100, Math.floor(whole.length / 2), whole.length - 1]) {
        await expect(readModelFile(whole.subarray(0, length))).rejects.toEqual(refused(/damaged|HDF5|zip/));
      }
    }
    await expect(readModelFile(new Uint8Array(0))).rejects.toEqual(refused(/neither/));
    await expect(readModelFile(await writeZip({ 'a.txt': text('a') }))).rejects.toEqual(
      refused(/without config/),
    );
  });

  it('it unpacks to more than any model has, or to more than it says', async () => {
    const bomb = await writeZip({ 'config.json': new Uint8Array(3_000_000), 'model.weights.h5': text('') });
    await expect(readModelFile(bomb)).rejects.toEqual(refused(/config.json unpacks to more/));
    const liar = Buffer.from(await withConfig((json) => json));
    // The size in the directory at the end, of the first file.
    liar.writeUInt32LE(5, liar.lastIndexOf(Buffer.from('504b0102', 'hex'), -200) + 24);
    await expect(readModelFile(liar)).rejects.toEqual(refused(/./));
  });

  it('its numbers are missing, or of another shape', async () => {
    await expect(readModelFile(await withConfig((json) => json))).rejects.toEqual(
      refused(/expected answer\/kernel of 4 × 2 numbers, got none/),
    );
    const other = networkOf(
      ['features', 'InputLayer', { size: 4 }],
      ['answer', 'Dense', { units: 3, activation: 'linear', use_bias: true }, 'features'],
    );
    const file = await writeH5(other, ABOUT);
    const edited = Buffer.from(file);
    const at = edited.indexOf('"units":3');
    edited.write('"units":2', at);
    await expect(readModelFile(edited)).rejects.toEqual(refused(/4 × 2 numbers, got 4 × 3/));
  });

  it('its HDF5 is compressed, of doubles, nested without end, or leads into another file', async () => {
    const data = new Float32Array(100_000);
    const packed = await hdf5Of((file) => {
      file.create_dataset({ name: 'a', data, chunks: [1000], compression: 9 });
    });
    await expect(readHdf5(packed)).rejects.toEqual(refused(/"a" is compressed/));
    const doubles = await hdf5Of((file) => {
      file.create_dataset({ name: 'a', data: new Float64Array(3) });
    });
    await expect(readHdf5(doubles)).rejects.toEqual(refused(/not float32/));
    const deep = await hdf5Of((file) => {
      let at: InstanceType<typeof hdf5.Group> = file;
      for (let depth = 0; depth < 50; depth++) at = at.create_group('deeper');
    });
    await expect(readHdf5(deep)).rejects.toEqual(refused(/deeper than/));
    const linked = await hdf5Of((file) => {
      file.create_external_link('/etc/passwd', '/', 'elsewhere');
    });
    await expect(readHdf5(linked)).rejects.toEqual(refused(/neither a group nor an array/));
  });

  it('reading it takes too long', async () => {
    await expect(readHdf5(await writeH5(everyLayer(), ABOUT), 1)).rejects.toEqual(refused(/time and memory/));
  });
});
