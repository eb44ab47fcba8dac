import { AppError, newId, type UploadedPhoto } from '@facehash/contracts';
import { uploads, type ObjectStorage } from '@facehash/storage';
import type { Request, Response } from 'express';
import { receiveMultipart } from './multipart.js';
import type { RequestUploads } from './request-uploads.js';

export interface PhotoLimits {
  readonly maxImageBytes: number;
  readonly maxPhotos: number;
}

/**
 * Stores the files in `photos` of a form as uploads of a job. None is looked at: one bad photo among many is refused by the
 * worker, with its reason, and spoils nothing.
 * @returns the photos in their order, and the text fields, which may come before or after them
 */
export async function receivePhotos(
  req: Request,
  res: Response,
  o: { storage: ObjectStorage; stored: RequestUploads; jobId: string; limits: PhotoLimits; expected: string },
): Promise<{ texts: unknown; photos: UploadedPhoto[] }> {
  // `is` is null without a body; a body of 0 bytes is none.
  if (req.is('multipart/form-data') === false && req.get('content-length') !== '0') {
    const type = req.get('content-type') ?? 'a body without Content-Type';
    throw new AppError('INVALID_REQUEST', `Expected ${o.expected}; ${type} came.`);
  }
  const photos: UploadedPhoto[] = [];
  const texts = await receiveMultipart(req, res, {
    fields: ['photos'],
    maxFiles: o.limits.maxPhotos,
    tooManyFiles: 'TOO_MANY_PHOTOS',
    maxBytes: o.limits.maxImageBytes,
    store(source, fileName) {
      const uploadKey = uploads(o.storage).key(o.jobId, String(photos.length));
      photos.push({ photoId: newId('photo'), uploadKey, fileName });
      return o.stored.store(uploadKey, source, { name: fileName });
    },
  });
  return { texts, photos };
}
