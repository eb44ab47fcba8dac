import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@facehash/contracts';
import { Client } from 'minio';
import pLimit from 'p-limit';
import { attempt, codeOf, missing, unavailable } from '../failures.js';
import { inBatches } from '../in-batches.js';
import { assertObjectKey, assertPrefix } from '../object-key.js';
import type { ListedObject, ListOptions, ObjectStorage, StoredObject } from '../object-storage.js';
import { holdErrors, measure, receive } from './receive.js';
import { createS3Transport, isUnreached } from './s3-transport.js';
import { openSpool } from './spool.js';

export interface S3Settings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region: string;
}

/** minio holds a body in memory while it sends it, twice for a moment: this many times 20 MB is the most. */
const MAX_PUTS_AT_ONCE = 8;
/** The most S3 takes in one PUT. A smaller part size would make minio cut larger bodies, and resume old leftovers. */
const SINGLE_PUT_BYTES = 5 * 1024 ** 3;
/** Before the second and the third try to reach the server. */
const PAUSES_MS = [100, 400];
/** What DeleteObjects takes in one request. */
const MAX_DELETES_AT_ONCE = 1000;

/**
 * Objects in a bucket of any S3 server, by the minio client; the bucket is created when missing. Only PUT, GET,
 * DELETE, DeleteObjects, ListObjectsV2 and HEAD/PUT bucket are used. A stream is spooled to a nameless temporary
 * file first and sent as one PUT of known size, never in parts.
 */
export async function openS3Storage(settings: S3Settings): Promise<ObjectStorage> {
  const { host, port, tls, accessKey, secretKey, bucket, region } = settings;
  const { transport, agent } = createS3Transport(tls);
  const description = `s3://${host}:${port}/${bucket}`;
  const client = new Client({
    ...{ endPoint: host, port, useSSL: tls, accessKey, secretKey, region, transport },
    transportAgent: agent,
    partSize: SINGLE_PUT_BYTES,
    // Its own print to the console.
    retryOptions: { disableRetry: true },
  });
  const slots = pLimit(MAX_PUTS_AT_ONCE);
  const send = (key: string, body: () => Buffer | Readable, bytes: number): Promise<unknown> =>
    attempt(reached(() => slots(() => client.putObject(bucket, key, body(), bytes))));

  const sendStream = async (key: string, body: Readable, maxBytes: number): Promise<StoredObject> => {
    const spool = await attempt(openSpool());
    try {
      const stored = await receive(body, spool, maxBytes);
      await send(key, () => spool.createReadStream({ start: 0, autoClose: false }), stored.bytes);
      return stored;
    } finally {
      await spool.close();
    }
  };

  const find = async (key: string): Promise<Buffer | undefined> => {
    assertObjectKey(key);
    try {
      return await reached(async () => buffer(await client.getObject(bucket, key)));
    } catch (error) {
      if (codeOf(error) === 'NoSuchKey') return undefined;
      throw unavailable(error);
    }
  };

  async function* listed(prefix: string, after: string): AsyncIterable<ListedObject> {
    assertPrefix(prefix);
    try {
      for await (const item of client.listObjectsV2(bucket, prefix, true, after)) {
        const { name, lastModified } = item as { name: string; lastModified: Date };
        yield { key: name, writtenAt: lastModified };
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  async function* list(prefix: string, { after = '' }: ListOptions = {}): AsyncIterable<string> {
    for await (const { key } of listed(prefix, after)) yield key;
  }

  const deleteMany = async (keys: readonly string[]): Promise<void> => {
    const refused = await attempt(reached(() => client.removeObjects(bucket, [...keys])));
    if (refused.length > 0) throw unavailable(new Error(`not deleted: ${JSON.stringify(refused)}`));
  };

  const storage: ObjectStorage = {
    description,
    find,
    list,
    listWithTimes: (prefix) => listed(prefix, ''),
    // One PUT of known size is there whole or not at all, and what it is spooled to has no name to be left behind.
    deleteUnfinished: () => Promise.resolve(0),

    async put(key, body, { maxBytes = Infinity } = {}) {
      holdErrors(body);
      assertObjectKey(key);
      if (body instanceof Readable) return sendStream(key, body, maxBytes);
      const stored = measure(body, maxBytes);
      await send(key, () => Buffer.from(body.buffer, body.byteOffset, body.byteLength), stored.bytes);
      return stored;
    },

    async get(key) {
      const found = await find(key);
      if (found === undefined) throw missing(key);
      return found;
    },

    async delete(key) {
      assertObjectKey(key);
      await attempt(reached(() => client.removeObject(bucket, key)));
    },

    async deletePrefix(prefix) {
      let deleted = 0;
      for await (const keys of inBatches(list(prefix), MAX_DELETES_AT_ONCE)) {
        await deleteMany(keys);
        deleted += keys.length;
      }
      return deleted;
    },

    async check() {
      const reason = await client.bucketExists(bucket).then(
        (exists) => (exists ? undefined : { text: 'the bucket does not exist', cause: undefined }),
        (cause: unknown) => ({ text: reasonOf(cause), cause }),
      );
      if (reason === undefined) return;
      throw new AppError('UNAVAILABLE', `Object storage ${description} cannot be used: ${reason.text}.`, {
        cause: reason.cause,
      });
    },

    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };

  try {
    await createMissingBucket(client, bucket, region);
    await storage.check();
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/**
 * Every operation here may be done twice. What the server itself fails in is left to others: a job is tried again as a whole, a
 * request gets a retryable 503.
 */
async function reached<T>(operation: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await operation();
    } catch (error) {
      if (!isUnreached(error)) throw error;
      await sleep(pause);
    }
  }
  return operation();
}

/** Whatever else fails here is told better by the check that follows. */
async function createMissingBucket(client: Client, bucket: string, region: string): Promise<void> {
  const exists = await client.bucketExists(bucket).catch(() => true);
  if (exists) return;
  await client.makeBucket(bucket, region).catch((error: unknown) => {
    // Another process that starts now was faster.
    if (codeOf(error) === 'BucketAlreadyOwnedByYou' || codeOf(error) === 'BucketAlreadyExists') return;
    throw new AppError('UNAVAILABLE', `The bucket "${bucket}" cannot be created: ${reasonOf(error)}.`, {
      cause: error,
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ENOTFOUND: 'the host name is unknown',
  ETIMEDOUT: 'it does not answer',
  AccessDenied: 'the access key or its secret is refused, or lacks rights on the bucket',
  InvalidAccessKeyId: 'the access key is unknown',
  SignatureDoesNotMatch: 'the secret does not belong to the access key',
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const text = code === undefined ? undefined : REASONS[code];
  if (text !== undefined) return `${text} (${code ?? ''})`;
  return code ?? (error instanceof Error ? error.message : String(error));
}
