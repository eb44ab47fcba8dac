import { AppError, type ErrorCode } from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';

/** A stored JSON document against its schema; undefined when there is none. Throws `damage` naming the key otherwise. */
export async function findDocument<T>(
  storage: ObjectStorage,
  key: string,
  schema: z.ZodType<T>,
  damage: ErrorCode = 'INTERNAL',
): Promise<T | undefined> {
  const bytes = await storage.find(key);
  return bytes === undefined ? undefined : parseDocument(bytes, key, schema, damage);
}

/** @throws AppError `damage` naming the key */
export function parseDocument<T>(
  bytes: Buffer,
  key: string,
  schema: z.ZodType<T>,
  damage: ErrorCode = 'INTERNAL',
): T {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw damaged(key, 'it is no JSON', damage, cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw damaged(key, z.prettifyError(parsed.error), damage);
}

export async function putDocument<T>(
  storage: ObjectStorage,
  key: string,
  schema: z.ZodType<T>,
  document: T,
): Promise<void> {
  await storage.put(key, documentBytes(schema, document));
}

/** Parsed before it is written too: what is stored can be read again. */
export function documentBytes<T>(schema: z.ZodType<T>, document: T): Buffer {
  return Buffer.from(JSON.stringify(schema.parse(document)));
}

export const damaged = (key: string, how: string, code: ErrorCode = 'INTERNAL', cause?: unknown): AppError =>
  new AppError(code, `The stored object "${key}" is damaged: ${how}. Restore it from a backup.`, { cause });
