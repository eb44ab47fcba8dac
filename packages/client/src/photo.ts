/**
 * An image as the caller holds it. The name of a File is what a training's report calls it; of a file on disk,
 * `new File([await openAsBlob(path)], name)` sends the bytes without holding them in memory.
 */
export type Photo = Blob | Uint8Array;

/** @returns the photo as a file of a form, and its name there */
export function asFile(photo: Photo, at: number): [Blob, string] {
  const blob = photo instanceof Blob ? photo : new Blob([photo]);
  return [blob, 'name' in blob && typeof blob.name === 'string' ? blob.name : `photo-${at + 1}`];
}
