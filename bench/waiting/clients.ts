import { once } from 'node:events';
import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Job } from '@facehash/contracts';
import type { Caller } from '../../tests/e2e/start-service.js';

/** What one client met: its job's end by Redis' clock and its answer's last byte by ours, both in ms since 1970. */
export interface HandBack {
  readonly status: number;
  readonly endedAt: number;
  readonly receivedAt: number;
}

interface Target {
  readonly url: string;
  readonly caller: Caller;
  readonly agent: Agent;
}

/**
 * A way to wait: sends its request at once and resolves when it is over; `undefined` = it wanted no answer.
 * @param allWait resolves when every client of the round waits
 */
export type Way = (target: Target, allWait: Promise<unknown>) => Promise<HandBack | undefined>;

/** Begins like a JPEG; the gateway looks no further. */
const IMAGE = Buffer.concat([Buffer.from('ffd8ffe000104a4649460001', 'hex'), Buffer.alloc(2000, 0x2a)]);

export const waitForAnswer: Way = async (target) => {
  const { status, text, receivedAt } = await answerOf(post(target, 'wait=30'));
  return { status, receivedAt, endedAt: endOf(JSON.parse(text) as Job) };
};

export const followEvents: Way = async (target) => {
  const { text } = await answerOf(post(target, 'respond-async'));
  const { id } = JSON.parse(text) as Job;
  const stream = await answerOf(open(target, 'GET', `/v1/jobs/${id}/events`, {}).end());
  const last = /event: end\ndata: (.*)\n\n$/.exec(stream.text)?.[1] ?? '{}';
  return { ...stream, endedAt: endOf(JSON.parse(last) as Job) };
};

/** Leaves in the middle of its wait. */
export const hangUp: Way = async (target, allWait) => {
  const waiting = post(target, 'wait=30');
  const over = new Promise((resolve) => waiting.once('close', resolve));
  waiting.on('error', () => undefined); // it hears of its own leaving
  await allWait;
  waiting.destroy();
  await over;
  return undefined;
};

const post = (target: Target, prefer: string): ClientRequest =>
  open(target, 'POST', '/v1/recognize', { prefer, 'content-type': 'image/jpeg' }).end(IMAGE);

function open({ url, caller, agent }: Target, method: string, path: string, headers: object): ClientRequest {
  const authorization = `Bearer ${caller.secret}`;
  return request(new URL(path, url), { agent, method, headers: { authorization, ...headers } });
}

async function answerOf(sent: ClientRequest): Promise<{ status: number; text: string; receivedAt: number }> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(response, 'end');
  const receivedAt = Date.now();
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), receivedAt };
}

/** NaN for a job that has not ended, so that no figure can hide it. */
const endOf = (job: Job): number => Date.parse(job.completed_at ?? '');
