import { isAppError } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openFilesystemStorage } from './drivers/filesystem.js';
import type { S3Settings } from './drivers/s3.js';
import type { ObjectStorage } from './object-storage.js';

const FORMS =
  'file:///absolute/folder or s3://ACCESS:SECRET@host:port/bucket[?tls=true&region=eu-central-1], with characters ' +
  'such as / + @ : of the secret percent-encoded';

const TRY_AGAIN_AFTER_MS = 500;

/**
 * Opens the storage a URL names; a missing folder or bucket is created. An S3 server that cannot be used yet is tried
 * again for `waitMs`: it may be starting, and whatever sets it up may not have made the access key yet.
 * Throws: Error for a URL that is none of the forms, AppError UNAVAILABLE when it cannot be reached. No message
 * repeats the URL: it holds the secret.
 */
export async function openStorage(
  url: string,
  { waitMs = 0 }: { readonly waitMs?: number } = {},
): Promise<ObjectStorage> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'file:') return openFilesystemStorage(parseFileUrl(parsed));
  if (parsed?.protocol === 's3:') {
    // Only where it is used: the minio client takes 40 MB of memory in every process that loads it.
    const { openS3Storage } = await import('./drivers/s3.js');
    const settings = parseS3Url(parsed);
    return whileAway(() => openS3Storage(settings), waitMs);
  }
  throw malformed(parsed === undefined ? 'this is no URL' : `${parsed.protocol}// is neither`);
}

async function whileAway<T>(open: () => Promise<T>, waitMs: number): Promise<T> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const isAway = isAppError(error) && error.code === 'UNAVAILABLE';
      if (!isAway || Date.now() + TRY_AGAIN_AFTER_MS > deadline) throw error;
      await sleep(TRY_AGAIN_AFTER_MS);
    }
  }
}

function parseFileUrl(url: URL): string {
  if (url.host !== '') throw malformed('a file: URL has three slashes');
  if (url.search !== '' || url.hash !== '') throw malformed('a file: URL takes no options');
  if (url.pathname === '/') throw malformed('the root of the filesystem is no folder for objects');
  return fileURLToPath(url).replace(/\/+$/, '');
}

/** Exported for its test. */
export function parseS3Url(url: URL): S3Settings {
  const options = new Map(url.searchParams);
  const tls = options.get('tls') ?? 'false';
  const region = options.get('region') ?? 'us-east-1';
  const unknown = [...options.keys()].filter((name) => name !== 'tls' && name !== 'region');
  const bucket = url.pathname.slice(1).replace(/\/$/, '');
  if (url.hash !== '') throw malformed('there is a bare #');
  if (url.hostname === '') throw malformed('the host is missing');
  if (url.username === '' || url.password === '') throw malformed('the access key or its secret is missing');
  // The rules of S3; also what minio would refuse later with less of an explanation.
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw malformed('the bucket is 3 to 63 of a-z, 0-9, "." and "-", and nothing follows it');
  }
  if (tls !== 'true' && tls !== 'false') throw malformed('tls is true or false');
  if (unknown.length > 0) throw malformed(`the option "${unknown.join('", "')}" is unknown`);
  return {
    host: url.hostname,
    port: url.port === '' ? (tls === 'true' ? 443 : 80) : Number(url.port),
    tls: tls === 'true',
    accessKey: decoded(url.username),
    secretKey: decoded(url.password),
    bucket,
    region,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed('a % of the access key or the secret must be written %25');
  }
}

const malformed = (problem: string): Error => new Error(`A storage URL is ${FORMS}; ${problem}.`);
