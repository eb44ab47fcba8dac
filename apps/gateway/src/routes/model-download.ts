import {
  AppError,
  isAppError,
  modelDownloadQuerySchema,
  modelVersionSchema,
  type ModelCard,
  type ModelFileAbout,
  type ModelFormat,
} from '@facehash/contracts';
import { writeModelFile } from '@facehash/keras-files';
import { models, type Models, type ObjectStorage, type StoredModel } from '@facehash/storage';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { presentLabels } from './present-labels.js';

const pathSchema = z.object({ version: modelVersionSchema });

const EXTENSIONS = { keras: 'keras', h5: 'h5', tfjs: 'zip' } as const satisfies Record<ModelFormat, string>;

/** `GET /v1/models/:version/download`: a model to take home, for Python Keras or TensorFlow.js. */
export function modelDownloadRoutes(o: { authenticate: Authenticate; storage: ObjectStorage }): Router {
  const { authenticate, storage } = o;
  const router = Router();

  router
    .route('/v1/models/:version/download')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const { version } = parseFields(pathSchema, req.params);
      const { format } = parseFields(modelDownloadQuerySchema, req.query);
      const { card, ...files } = await find(models(storage, key.id), version);
      const about = describe(card, await presentLabels(storage, key.id));
      const file = await writeModelFile({ ...files }, format, about).catch(asDamaged);
      res
        .set('Cache-Control', 'no-store')
        .set('Content-Disposition', `attachment; filename="${card.version}.${EXTENSIONS[format]}"`)
        .type('application/octet-stream')
        .send(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

async function find(stored: Models, wanted: string): Promise<StoredModel> {
  const version = wanted === 'current' ? await stored.currentVersion() : wanted;
  if (version === undefined) {
    throw new AppError('NOT_FOUND', 'This key has no model yet; enrol a person with POST /v1/train first.');
  }
  return stored.read(version).catch((error: unknown) => {
    if (!isAppError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError(
      'NOT_FOUND',
      `This key has no model ${version}. Only the last two are kept; "current" is the one in force.`,
      { cause: error },
    );
  });
}

function describe(card: ModelCard, labelOf: ReadonlyMap<string, string>): ModelFileAbout {
  const { version, features, threshold, labels, trainedAt } = card;
  return {
    ...{ version, features, threshold },
    labels: labels.map(({ subjectId }) => ({
      label: labelOf.get(subjectId) ?? null,
      subject_id: subjectId,
    })),
    trained_at: trainedAt,
  };
}

/** What is stored was checked when it was written; a caller can do nothing about it. */
function asDamaged(cause: unknown): never {
  throw new AppError('MODEL_CORRUPT', 'The stored model cannot be read. Train the key again.', { cause });
}
