import { z } from 'zod';

/** What a worker computes with, for whoever looks after it. */
const workerPartsSchema = z.object({
  /** Photos at a time. */
  concurrency: z.int(),
  /** Of libuv's pool, which photos, files and DNS share. */
  threads: z.int(),
  opencv: z.string(),
  /** `opencv` or `sharp`. */
  decoder: z.string(),
  /** What computes embeddings. */
  engine: z.string(),
  /** What computes key models, and where. */
  backend: z.string(),
  device: z.enum(['gpu', 'cpu']),
  /** Features of two workers that differ in it must not be compared. */
  extractor: z.string(),
});

/** What a gateway or worker says of itself in Redis, for as long as it takes requests or jobs. */
export const processRecordSchema = z.object({
  app: z.enum(['gateway', 'worker']),
  host: z.string(),
  pid: z.int(),
  /** Of FaceHash. */
  version: z.string(),
  node: z.string(),
  startedAt: z.iso.datetime(),
  /** Files and connections open at once; null where the system does not tell. */
  maxOpenFiles: z.int().nullable(),
  worker: workerPartsSchema.nullable(),
});

export type ProcessRecord = z.infer<typeof processRecordSchema>;
export type WorkerParts = z.infer<typeof workerPartsSchema>;
