/**
 * Reads an HDF5 file from bytes that anybody may have sent, in a thread that its starter ends when it takes too long: the
 * library is C compiled to WebAssembly, so a broken file can spoil this thread's own memory and nothing else.
 * Sends back the tree (`Hdf5Group`), or the reason why there is none.
 */
import { parentPort, workerData } from 'node:worker_threads';
import hdf5 from 'h5wasm';

const { bytes, limits } = workerData;

/** A reason for the caller, as the end of a sentence. */
class Refused extends Error {}

const { FS } = await hdf5.ready;
let entries = 0;
let numbers = 0;
try {
  FS.writeFile('/file.h5', bytes);
  const file = new hdf5.File('/file.h5', 'r');
  parentPort.postMessage({ tree: readGroup(file, 0) });
} catch (error) {
  const reason = error instanceof Refused ? error.message : 'it is damaged, or no HDF5 that can be read';
  parentPort.postMessage({ reason });
}

function readGroup(group, depth) {
  if (depth > limits.depth) throw new Refused(`its groups lie deeper than ${limits.depth}`);
  const tree = { attributes: readAttributes(group), groups: {}, arrays: {} };
  for (const name of group.keys()) {
    if (++entries > limits.entries) throw new Refused(`it has more than ${limits.entries} entries`);
    // The state of the optimiser: nothing of the model, and two thirds of a file.
    if (depth === 0 && (name === 'optimizer' || name === 'optimizer_weights')) continue;
    const entry = group.get(name);
    if (entry instanceof hdf5.Group) tree.groups[name] = readGroup(entry, depth + 1);
    else if (entry instanceof hdf5.Dataset) tree.arrays[name] = readArray(entry, name);
    // Links into other files, types, references.
    else throw new Refused(`"${name}" is neither a group nor an array`);
  }
  return tree;
}

function readArray(dataset, name) {
  const { shape, type, size, littleEndian, chunks, virtual_sources } = dataset.metadata;
  // Scalars and integers, such as a dropout's seed, are nothing that a model computes with.
  if (shape === null || type !== 1) return { shape: [], values: new Float32Array(0) };
  if (size !== 4 || !littleEndian) throw new Refused(`"${name}" is not float32`);
  // Keras compresses nothing; what is stored plainly cannot unpack to more than was sent.
  if (chunks !== null || virtual_sources !== undefined || dataset.filters.length > 0) {
    throw new Refused(`"${name}" is compressed or in pieces; save it as Keras does by default`);
  }
  numbers += shape.reduce((product, length) => product * length, 1);
  if (numbers > limits.numbers) throw new Refused(`it holds more than ${limits.numbers} numbers`);
  const values = dataset.value;
  return { shape, values: typeof values === 'number' ? Float32Array.of(values) : Float32Array.from(values) };
}

function readAttributes(group) {
  const found = {};
  for (const [name, attribute] of Object.entries(group.attrs)) {
    if (attribute.metadata.total_size > limits.attributeItems)
      throw new Refused(`its attribute "${name}" is too long`);
    const { value } = attribute;
    if (typeof value === 'string') found[name] = value;
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) found[name] = value;
    else if (attribute.metadata.shape?.includes(0)) found[name] = [];
  }
  return found;
}
