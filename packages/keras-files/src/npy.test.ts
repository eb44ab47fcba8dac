import { expect, it } from '@jest/globals';
import { toNpy } from './npy.js';

it('writes the header NumPy expects, then the numbers from a multiple of 64 bytes on', () => {
  const file = toNpy(Float32Array.of(1, 2, 3, 4, 5, 6), 3);
  const length = file.readUInt16LE(8);
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  expect((10 + length) % 64).toBe(0);
  expect(file.subarray(10, 10 + length).toString('latin1')).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/,
  );
  expect(file.readFloatLE(10 + length + 5 * 4)).toBe(6);
  expect(file).toHaveLength(10 + length + 6 * 4);
});
