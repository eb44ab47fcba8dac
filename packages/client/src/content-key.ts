import { asFile, type Photo } from './photo.js';

/**
 * The same for the same photos of the same person in the same order, and for nothing else: as an Idempotency-Key it lets a
 * bulk enrolment be run again. Needs WebCrypto, which browsers have on pages that came by HTTPS.
 */
export async function contentKey(label: string, photos: readonly Photo[]): Promise<string> {
  const parts: string[] = [label];
  for (const [at, photo] of photos.entries()) {
    const [blob, name] = asFile(photo, at);
    // One after the other: photos on disk are not all brought into memory at once.
    parts.push(name, await digest(await blob.arrayBuffer()));
  }
  return digest(new TextEncoder().encode(JSON.stringify(parts)));
}

async function digest(data: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(hash, toHex).join('');
}

export const toHex = (byte: number): string => byte.toString(16).padStart(2, '0');
