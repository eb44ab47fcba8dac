/** Bytes that begin like a JPEG; the gateway looks no further. */
export function jpegOf(bytes: number): Buffer<ArrayBuffer> {
  const image = Buffer.alloc(bytes, 0x2a);
  Buffer.from('ffd8ffe000104a4649460001', 'hex').copy(image);
  return image;
}

export const TEXT = Buffer.from('This is plain text and no image at all.');

export type Part = readonly [field: string, value: string | Buffer<ArrayBuffer>, fileName?: string];

/** A multipart body; a Buffer becomes a file. */
export function formOf(...parts: readonly Part[]): FormData {
  const form = new FormData();
  for (const [field, value, fileName = 'photo.jpg'] of parts) {
    if (typeof value === 'string') form.append(field, value);
    else form.append(field, new Blob([value]), fileName);
  }
  return form;
}
