/** What of HDF5 a Keras file uses: groups with attributes of text, and arrays of float32. */
export interface Hdf5Group {
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  readonly groups: Readonly<Record<string, Hdf5Group>>;
  readonly arrays: Readonly<Record<string, Hdf5Array>>;
}

interface Hdf5Array {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export const group = (parts: Partial<Hdf5Group>): Hdf5Group => ({
  ...{ attributes: {}, groups: {}, arrays: {} },
  ...parts,
});
