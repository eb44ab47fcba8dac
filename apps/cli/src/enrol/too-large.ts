import { IMAGE_LIMITS } from '@facehash/contracts';

/** Why the server would refuse a photo of so many bytes, and with it all that came along; undefined where it would not. */
export function tooLarge(bytes: number): string | undefined {
  const { maxBytes } = IMAGE_LIMITS;
  return bytes > maxBytes ? `it has ${bytes} bytes, more than ${maxBytes}` : undefined;
}
