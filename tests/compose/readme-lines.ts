/**
 * Runs every curl line of README.md as printed: readme-lines.ts HOST:PORT KEY ADMIN_TOKEN. Ends with 1 and the lines that
 * failed. Where the lines say localhost:8080, curl is told to go to HOST:PORT.
 */
import { createClient } from '@facehash/client';
import { drawGroup, drawPerson, drawPortrait } from '@facehash/testkit';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { curlLines } from '../e2e/curl-lines.js';

const [address = '', key = '', admin = ''] = process.argv.slice(2);
const lines = await curlLines(path.resolve(import.meta.dirname, '../../README.md'));
const client = createClient({ url: `http://${address}`, key });
const folder = await mkdtemp(path.join(tmpdir(), 'facehash-readme-'));

for (const [at, name] of lines.flatMap(({ files }) => files).entries()) {
  const photo = name.includes('group')
    ? await drawGroup([1, 2, 3].map(drawPerson), at)
    : await drawPortrait(drawPerson(1), 100 + at);
  await writeFile(path.join(folder, name), photo);
}
await writeFile(
  path.join(folder, '.curlrc'),
  `connect-to = "localhost:8080:${address}"\nfail-with-body\nsilent\nshow-error\nmax-time = 90\n`,
);

const job = await client.detect(await drawPortrait(drawPerson(1), 99));
const env = {
  PATH: process.env.PATH,
  CURL_HOME: folder,
  KEY: key,
  ADMIN_TOKEN: admin,
  JOB_ID: job.id,
};
for (const { line } of lines) {
  await promisify(execFile)('bash', ['--norc', '-c', line], { cwd: folder, env }).then(
    ({ stdout }) => {
      // A job that failed is a 200 as well.
      if (!stdout.includes('"error":{')) return;
      console.log(`${line}\n${stdout}`);
      process.exitCode = 1;
    },
    (error: unknown) => {
      console.log(`${line}\n${String(error)}\n${(error as { stdout?: string }).stdout ?? ''}`);
      process.exitCode = 1;
    },
  );
  // A training that goes on would have the next line refused.
  for await (const { id } of client.jobs.list({ type: 'train' })) await client.job(id).wait();
}
await rm(folder, { recursive: true });
console.log(`${lines.length} lines`);
