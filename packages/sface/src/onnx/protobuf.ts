/** As much of Protocol Buffers' wire format as an ONNX file needs: https://protobuf.dev/programming-guides/encoding. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

export const int = (field: number, value: number): Uint8Array =>
  Buffer.concat([varint(field * 8 + VARINT), varint(value)]);

export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([varint(field * 8 + LENGTH_DELIMITED), varint(value.length), value]);

export const text = (field: number, value: string): Uint8Array => bytes(field, Buffer.from(value));

export const message = (field: number, parts: readonly Uint8Array[]): Uint8Array =>
  bytes(field, Buffer.concat(parts));

/** Seven bits a byte, the lowest first; the highest bit says that another byte follows. */
function varint(value: number): Uint8Array {
  const result: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) result.push((rest % 128) + 128);
  return Uint8Array.from([...result, rest]);
}
