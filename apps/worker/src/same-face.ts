import type { BoundingBox } from '@facehash/contracts';

/** The centre of one lies in the other: cascades often report a face twice, the second time from eyebrows to hat. */
export function isSameFace(a: BoundingBox, b: BoundingBox): boolean {
  return holdsCentreOf(a, b) || holdsCentreOf(b, a);
}

/** How many faces the boxes of one search are. */
export function countFaces(boxes: readonly BoundingBox[]): number {
  return boxes.filter((box, at) => !boxes.slice(0, at).some((larger) => isSameFace(larger, box))).length;
}

function holdsCentreOf(outer: BoundingBox, inner: BoundingBox): boolean {
  const x = inner.left + inner.width / 2 - outer.left;
  const y = inner.top + inner.height / 2 - outer.top;
  return x > 0 && x < outer.width && y > 0 && y < outer.height;
}
