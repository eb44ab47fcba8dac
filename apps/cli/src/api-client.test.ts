import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId, toProblem, type Job } from '@facehash/contracts';
import { createApiClient } from './api-client.js';

const queued: Job = {
  id: newId('job'),
  object: 'job',
  type: 'train',
  status: 'queued',
  created_at: '2026-11-24T00:00:00.000Z',
  started_at: null,
  completed_at: null,
  expires_at: '2026-11-25T00:00:00.000Z',
  progress: { percent: 0, stage: 'queued' },
  model: null,
  result: null,
  error: null,
  metrics: { queue_ms: null, process_ms: null },
  metadata: {},
  urls: { self: '/v1/jobs/1', cancel: '/v1/jobs/1/cancel', events: '/v1/jobs/1/events' },
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

let server: ReturnType<typeof createServer>;
let url: string;
let folder: string;
let photo: string;
let seen: { path: string; headers: IncomingMessage['headers']; body: string }[];
/** Given in this order. */
let answers: Answer[];

const problem = (error: AppError, headers: Record<string, string> = {}): Answer => ({
  status: error.status,
  body: toProblem(error),
  headers,
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = (await request.toArray()) as Buffer[];
  seen.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString('latin1') });
  const { status, body, headers } = answers.shift()!;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'facehash-cli-'));
  photo = join(folder, 'ann 1.jpg');
  await writeFile(photo, 'x'.repeat(200_000));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

describe('createApiClient', () => {
  it('uploads photos with their names and tells how far it has come', async () => {
    answers = [{ status: 202, body: queued }];
    const shares: number[] = [];
    const client = createApiClient({ url, secret: 'fh_secret' });
    await client.train('ann', [photo, photo], (share) => shares.push(share));
    expect(seen[0]).toMatchObject({ path: '/v1/train', headers: { authorization: 'Bearer fh_secret' } });
    expect(seen[0]!.body.match(/name="photos"; filename="ann 1.jpg"/g)).toHaveLength(2);
    expect(seen[0]!.body).toMatch(/name="label"\r\n\r\nann\r\n/);
    expect(seen[0]!.body.length).toBeGreaterThan(400_000);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares.at(-1)).toBe(1);
  });

  it('comes again with the whole photo when the model is being trained, and says that it waits', async () => {
    const training = new AppError('MODEL_TRAINING', 'off until job_1 has ended');
    answers = [problem(training, { 'retry-after': '0' }), { status: 200, body: queued }];
    const waits: string[] = [];
    const client = createApiClient({ url, secret: 's', onWait: ({ code }, s) => waits.push(`${code} ${s}`) });
    await client.recognize(photo, 3);
    expect(waits).toEqual(['MODEL_TRAINING 0']);
    expect(seen.map(({ body }) => body.length > 200_000 && body.includes('max_faces'))).toEqual([true, true]);
    expect(seen[1]!.headers.prefer).toBe('wait=30');
  });

  it('does not wait for a conflict that time does not heal', async () => {
    answers = [problem(new AppError('MODEL_NOT_TRAINED', 'nobody yet'))];
    const client = createApiClient({ url, secret: 's' });
    await expect(client.recognize(photo, 1)).rejects.toMatchObject({
      code: 'MODEL_NOT_TRAINED',
      message: 'nobody yet',
    });
  });

  it('looks at a job until it has ended', async () => {
    const percents: number[] = [];
    answers = [
      { status: 200, body: { ...queued, status: 'processing', progress: { percent: 50, stage: 'fitting' } } },
      { status: 200, body: { ...queued, status: 'succeeded', progress: { percent: 100, stage: 'done' } } },
    ];
    const client = createApiClient({ url, secret: 's' });
    const job = await client.ended(queued, ({ progress }) => percents.push(progress.percent));
    expect(job.status).toBe('succeeded');
    expect(percents).toEqual([0, 50, 100]);
    expect(seen.map(({ path }) => path)).toEqual(['/v1/jobs/1', '/v1/jobs/1']);
  });

  it('tells a server that is not there, or is another one, from a refusal', async () => {
    answers = [{ status: 502, body: '<html>' }];
    const client = createApiClient({ url, secret: 's' });
    await expect(client.recognize(photo, 1)).rejects.toThrow('answered 502');
    const nowhere = createApiClient({ url: 'http://127.0.0.1:1', secret: 's' });
    await expect(nowhere.recognize(photo, 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
