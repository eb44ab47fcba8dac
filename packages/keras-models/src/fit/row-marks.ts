/**
 * A number below 2^53 for each row, told by what is in it: it knows a row again, wherever it is stored, and puts rows into an
 * order that means nothing. Two different rows of a hundred thousand share one with a chance below 1e-6.
 */
export function marksOf(rows: Float32Array, rank: number): Float64Array {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  return Float64Array.from({ length: rows.length / rank }, (_, row) => {
    // Two 32-bit lanes of MurmurHash3's mixing (Austin Appleby, public domain).
    let [high, low] = [0x9747b28c, 0x5bd1e995];
    for (let at = row * rank; at < (row + 1) * rank; at++) {
      const word = Math.imul(words[at]!, 0xcc9e2d51);
      const turned = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      high = Math.imul(((high ^ turned) << 13) | ((high ^ turned) >>> 19), 5) + 0xe6546b64;
      low = Math.imul(((low ^ turned) << 11) | ((low ^ turned) >>> 21), 9) + 0x38495ab5;
    }
    return (finish(high) >>> 0) * 2 ** 21 + (finish(low) >>> 11);
  });
}

function finish(lane: number): number {
  let bits = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
