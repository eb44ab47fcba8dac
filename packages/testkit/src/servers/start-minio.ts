import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from './find-executable.js';
import { startServer } from './start-server.js';

export interface MinioForTests {
  /** `s3://ACCESS:SECRET@127.0.0.1:port/bucket`; the bucket exists. */
  readonly url: string;
  readonly process: { readonly pid: number };
  readonly stop: () => Promise<void>;
}

const ACCESS_KEY = 'facehash-tests';
const SECRET_KEY = 'only-for-tests';
const BUCKET = 'facehash-tests';

/**
 * An empty MinIO on a free port, or undefined where neither ~/.cache/facehash/bin/minio nor the PATH has one, so
 * that a suite can skip and say so. With FACEHASH_REQUIRE_S3=1 (CI) it throws instead: CI must not skip silently.
 */
export async function startMinio(): Promise<MinioForTests | undefined> {
  const executable = await findExecutable('minio', [join(homedir(), '.cache', 'facehash', 'bin', 'minio')]);
  if (executable === undefined) {
    if (process.env.FACEHASH_REQUIRE_S3 !== '1') return undefined;
    throw new Error(
      'FACEHASH_REQUIRE_S3=1, but no minio was found: put one at ~/.cache/facehash/bin/minio or on the PATH.',
    );
  }
  const server = await startServer({
    name: 'minio',
    executable,
    args: ({ port, dataDir }) => ['server', '--quiet', '--address', `127.0.0.1:${port}`, dataDir],
    // A folder of a MinIO drive is a bucket.
    prepare: (dataDir) => mkdir(join(dataDir, BUCKET)),
    env: {
      MINIO_ROOT_USER: ACCESS_KEY,
      MINIO_ROOT_PASSWORD: SECRET_KEY,
      // No web page and no look at the network for a newer version.
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    },
    answers: async (port) => (await fetch(`http://127.0.0.1:${port}/minio/health/cluster`)).ok,
  });
  const url = `s3://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${server.port}/${BUCKET}`;
  return { url, process: { pid: server.pid }, stop: server.stop };
}
