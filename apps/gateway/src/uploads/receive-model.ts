import { AppError, isAppError } from '@facehash/contracts';
import { MODEL_FILE_HEAD_BYTES, modelFileType } from '@facehash/keras-files';
import { uploads, type ObjectStorage } from '@facehash/storage';
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { receiveMultipart } from './multipart.js';
import { peek } from './peek.js';
import type { RequestUploads } from './request-uploads.js';

/** MAX_IMPORTED_LABELS of 128 UTF-16 units, each up to three bytes, and the JSON around them. */
const LABELS_BYTES = 2 * 1024 * 1024;

/**
 * Stores the file in `model` of a form as an upload of a job. Only its first bytes are looked at: a worker reads it.
 * @throws AppError MISSING_FILE, MODEL_TOO_LARGE, MODEL_UNSUPPORTED; INVALID_REQUEST for a body that cannot be read
 */
export async function receiveModel(
  req: Request,
  res: Response,
  o: { storage: ObjectStorage; stored: RequestUploads; jobId: string; maxBytes: number },
): Promise<{ texts: unknown; uploadKey: string }> {
  const { stored, maxBytes } = o;
  const uploadKey = uploads(o.storage).key(o.jobId, 'model');
  let files = 0;
  const form = {
    ...({ fields: ['model'], maxFiles: 1, tooManyFiles: 'INVALID_REQUEST', maxBytes } as const),
    maxTextBytes: LABELS_BYTES,
    async store(source: Readable, name: string) {
      files += 1;
      await stored.store(uploadKey, source, { name, check: assertModelFile });
    },
  };
  const texts = await receiveMultipart(req, res, form).catch((error: unknown) => {
    // The same streams that take photos stopped it.
    if (!isAppError(error) || error.code !== 'IMAGE_TOO_LARGE') throw error;
    const message = `A model file may have at most ${maxBytes} bytes; more came.`;
    throw new AppError('MODEL_TOO_LARGE', message, { details: { max_bytes: maxBytes } });
  });
  if (files === 0) {
    const message = 'Expected multipart/form-data with a .keras or .h5 file in the field "model"; none came.';
    throw new AppError('MISSING_FILE', message);
  }
  return { texts, uploadKey };
}

async function assertModelFile(source: Readable): Promise<void> {
  const head = await peek(source, MODEL_FILE_HEAD_BYTES);
  if (modelFileType(head) !== undefined) return;
  const came = head.length === 0 ? '0 bytes came' : `the bytes begin with ${head.toString('hex')}`;
  throw new AppError('MODEL_UNSUPPORTED', `Expected a .keras or .h5 file as Keras saves it; ${came}.`);
}
