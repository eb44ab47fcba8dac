/** Linear between order statistics (type 7 of Hyndman & Fan 1996, the usual one). */
export function quantile(values: Float64Array, level: number): number {
  const sorted = values.toSorted();
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low);
}
