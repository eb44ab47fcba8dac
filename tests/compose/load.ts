/**
 * Recognitions without a pause, and without a second try, until SIGTERM: load.ts URL STATE CALLERS.
 * Prints JSON: how many requests were sent, what failed, the jobs that were accepted, and those that did not succeed.
 */
import { readFile } from 'node:fs/promises';
import type { Job } from '@facehash/contracts';

const [url = '', state = '', callers = '4'] = process.argv.slice(2);
const authorization = `Bearer ${await readFile(state, 'utf8')}`;
// Longer than any answer may take: a request that hangs has failed.
const patience = (): AbortSignal => AbortSignal.timeout(90_000);
const photo = new Blob([await readFile(`${state}.jpg`)]);

let sent = 0;
let isOver = false;
const failed: string[] = [];
const jobs = new Set<string>();
process.once('SIGTERM', () => (isOver = true));

async function send(): Promise<void> {
  const body = new FormData();
  body.set('image', photo, 'photo.jpg');
  sent++;
  try {
    const headers = { authorization, prefer: 'wait=30' };
    const answer = await fetch(`${url}/v1/recognize`, {
      method: 'POST',
      headers,
      body,
      signal: patience(),
    });
    const text = await answer.text();
    if (answer.ok) jobs.add((JSON.parse(text) as Job).id);
    else failed.push(`${answer.status} ${text}`);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    failed.push(cause?.code ?? message);
  }
}

await Promise.all(
  Array.from({ length: Number(callers) }, async () => {
    while (!isOver) await send();
  }),
);

const lost: string[] = [];
for (const id of jobs) {
  const headers = { authorization, prefer: 'wait=60' };
  const status = await fetch(`${url}/v1/jobs/${id}`, { headers, signal: patience() }).then(
    async (answer) => ((await answer.json()) as Job).status,
    String,
  );
  if (status !== 'succeeded') lost.push(`${id}: ${status}`);
}
console.log(JSON.stringify({ sent, failed, lost, jobs: [...jobs] }));
