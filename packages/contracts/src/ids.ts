import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';

const PREFIXES = {
  job: 'job',
  key: 'key',
  subject: 'sub',
  photo: 'pho',
  model: 'mdl',
  request: 'req',
  webhook: 'whk',
  /** The `webhook-id` of a delivery. */
  delivery: 'msg',
} as const;
export type IdKind = keyof typeof PREFIXES;

/** A random id such as `job_5f0c…` (122 random bits); ids are part of storage keys, so nothing of the caller enters them. */
export function newId(kind: IdKind): string {
  return `${PREFIXES[kind]}_${randomUUID().replaceAll('-', '')}`;
}

export const idSchema = (kind: IdKind): z.ZodString =>
  z.string().regex(new RegExp(`^${PREFIXES[kind]}_[0-9a-f]{32}$`), `an id such as ${PREFIXES[kind]}_0123…`);

/** Model versions sort by time: 12 hex digits of milliseconds, then 5 random bytes. */
export function newModelVersion(now: number): string {
  return `mdl_${now.toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`;
}
