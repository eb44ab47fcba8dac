import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { assertDocumented, documentedFetch, drawGroup, drawPerson, drawPortrait } from '@facehash/testkit';
import { createClient, type Client } from '@facehash/client';
import { curlLines } from './curl-lines.js';
import { startService, type Caller, type Service } from './start-service.js';

const REPO = path.resolve(import.meta.dirname, '../..');
const ADMIN_TOKEN = 'fh_admin_of_this_test_and_of_nobody_else';

const pages = (await readdir(path.join(REPO, 'docs'))).filter((name) => name.endsWith('.md'));
const documents = ['README.md', ...pages.map((name) => `docs/${name}`)];
const lines = (
  await Promise.all(
    documents.map(async (document) =>
      (await curlLines(path.join(REPO, document))).map((curl) => ({ document, ...curl })),
    ),
  )
).flat();

let service: Service;
let caller: Caller;
let client: Client;
let folder: string;
let jobId: string;
/** For the line that erases one. */
let keyId: string;

beforeAll(async () => {
  service = await startService({
    settings: { gateway: { FACEHASH_ADMIN_TOKEN: ADMIN_TOKEN, FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'true' } },
  });
  caller = await service.newKey();
  keyId = (await service.newKey()).keyId;
  folder = await mkdtemp(path.join(tmpdir(), 'facehash-readme-'));
  for (const [at, name] of lines.flatMap(({ files }) => files).entries()) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      name.includes('group') ? await drawGroup([1, 2, 3].map(drawPerson), at) : await portrait(at),
    );
  }
  // The documents speak of a server at home. Told here to go elsewhere, curl needs no other line than the one printed.
  const settings = [
    `connect-to = "localhost:8080:${new URL(service.url).host}"`,
    'fail-with-body',
    'silent',
    'show-error',
    'max-time = 90',
    String.raw`write-out = "\n%{json}\n%{header_json}"`,
  ];
  await writeFile(path.join(folder, '.curlrc'), settings.join('\n'));

  client = createClient({ url: service.url, key: caller.secret, fetch: documentedFetch });
  const training = await client.train('Ada', await Promise.all([100, 101, 102, 103].map(portrait)));
  await training.result();
  jobId = training.id;
}, 120_000);

// A line that does not wait for its training would have the next one refused.
afterEach(async () => {
  for await (const { id } of client.jobs.list({ type: 'train' })) await client.job(id).wait();
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const portrait = (at: number): Promise<Buffer> => drawPortrait(drawPerson(1), at);

interface CurlWriteOut {
  readonly method: string;
  readonly url: string;
  readonly http_code: number;
}

const toHeaders = (json: string): Headers =>
  new Headers(
    Object.entries(JSON.parse(json) as Record<string, string[]>).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );

describe('the curl lines of the documents', () => {
  it('are found', () => {
    expect(lines.length).toBeGreaterThanOrEqual(4);
  });

  it.each(lines)('work as printed: $document: $line', async ({ line }) => {
    const env = {
      PATH: process.env.PATH,
      CURL_HOME: folder,
      KEY: caller.secret,
      ADMIN_TOKEN,
      JOB_ID: jobId,
      KEY_ID: keyId,
    };
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', line], { cwd: folder, env });
    const [, text, about, headers] = /^(.*)\n(\{.*\})\n(\{.*\})\n?$/s.exec(stdout)!;
    const { method, url, http_code: status } = JSON.parse(about!) as CurlWriteOut;
    assertDocumented({ method, url, status, headers: toHeaders(headers!), text: text! });
    expect(status).toBeLessThan(300);
    // A job that failed is a 200 as well.
    expect(text).not.toMatch(/"error":\{/);
  });
});
