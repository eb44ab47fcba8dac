import { randomUUID } from 'node:crypto';
import type { Group } from 'h5wasm';
import type { Hdf5Group } from './tree.js';

/** The tree as the bytes of an HDF5 file. The library is loaded by the first call: 4 MB that few processes need. */
export async function writeHdf5(tree: Hdf5Group): Promise<Uint8Array> {
  const { default: hdf5 } = await import('h5wasm');
  const { FS } = await hdf5.ready;
  // In the library's own memory, where nothing of the disk is.
  const path = `/${randomUUID()}.h5`;
  const file = new hdf5.File(path, 'w');
  try {
    write(file, tree);
    file.flush();
  } finally {
    file.close();
  }
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

function write(to: Group, { attributes, groups, arrays }: Hdf5Group): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' || value.length > 0) to.create_attribute(name, value as string | string[]);
    // As Keras leaves it for a layer without variables: numbers, none of them.
    else to.create_attribute(name, [], [0], '<d');
  }
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    to.create_dataset({ name, data: values, shape: [...shape], dtype: '<f' });
  }
  for (const [name, child] of Object.entries(groups)) write(to.create_group(name), child);
}
