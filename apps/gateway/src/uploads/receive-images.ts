import { AppError } from '@facehash/contracts';
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { assertImage } from './assert-image.js';
import { receiveMultipart } from './multipart.js';
import { imageTooLarge, type RequestUploads } from './request-uploads.js';

/** Boundaries, headers and text fields around the images of a form, generously. */
const FORM_BYTES = 256 * 1024;

/** The file fields of a form, a file in each; a body that is an image itself is the `image`. */
export type ImageField = 'image' | 'reference';

interface ImageTarget {
  readonly fields: readonly ImageField[];
  readonly keyOf: (field: ImageField) => string;
  readonly stored: RequestUploads;
  readonly maxBytes: number;
}

export interface ReceivedImages {
  /** The text fields of form and query. */
  readonly texts: unknown;
  /** Where each image lies now. */
  readonly uploadKeys: { readonly image: string; readonly reference?: string };
}

/**
 * Streams the images of a request into storage.
 * @throws AppError MISSING_FILE without an `image`; IMAGE_*; INVALID_REQUEST for a body that cannot be read
 */
export async function receiveImages(
  req: Request,
  res: Response,
  { fields, keyOf, stored, maxBytes }: ImageTarget,
): Promise<ReceivedImages> {
  const uploadKeys: { image?: string; reference?: string } = {};
  const store = async (field: ImageField, source: Readable, name: string): Promise<void> => {
    if (uploadKeys[field] !== undefined) {
      throw new AppError('INVALID_REQUEST', `Expected one file in the field "${field}"; two came.`);
    }
    const uploadKey = keyOf(field);
    uploadKeys[field] = uploadKey;
    await stored.store(uploadKey, source, { name, check: assertImage });
  };

  const contentType = req.get('content-type') ?? '';
  if (/^image\//i.test(contentType)) {
    assertLength(req, maxBytes);
    await store('image', req, 'The body');
    return { texts: req.query, uploadKeys: withImage(uploadKeys, contentType) };
  }

  assertLength(req, fields.length * maxBytes + FORM_BYTES);
  const texts = await receiveMultipart(req, res, {
    fields,
    maxFiles: fields.length,
    tooManyFiles: 'INVALID_REQUEST',
    maxBytes,
    // multer refuses files in other fields before it calls this.
    store: (source, name, field) => store(field as ImageField, source, name),
  });
  // A field beside the form would otherwise be left out without a word.
  return { texts: { ...req.query, ...texts }, uploadKeys: withImage(uploadKeys, contentType) };
}

function withImage(
  uploadKeys: Partial<ReceivedImages['uploadKeys']>,
  contentType: string,
): ReceivedImages['uploadKeys'] {
  const { image } = uploadKeys;
  if (image !== undefined) return { ...uploadKeys, image };
  throw new AppError(
    'MISSING_FILE',
    'Expected multipart/form-data with a file in the field "image", or the image itself as the body with a ' +
      `Content-Type of image/*; ${contentType === '' ? 'no Content-Type' : contentType} without a file came.`,
  );
}

/** What is announced as too large is refused before it is sent. @throws AppError IMAGE_TOO_LARGE */
function assertLength(req: Request, maxBytes: number): void {
  if (Number(req.get('content-length') ?? 0) > maxBytes) throw imageTooLarge('The body', maxBytes);
}
