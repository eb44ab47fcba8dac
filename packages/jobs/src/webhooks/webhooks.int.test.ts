import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, pingOf, type DeliveryAttempt } from '@facehash/contracts';
import { createJobClient, type JobClient } from '../client.js';
import type { Redis } from '../connection.js';
import { createJobRecords } from '../records.js';
import { answer, newPrefix, recognizePayload, silent, trained } from '../testing/examples.js';
import { useRedis } from '../testing/use-redis.js';
import type { StoredDelivery } from './deliveries.js';
import type { AttemptOutcome } from './delivering.js';
import { createOutbox } from './outbox.js';
import { startWebhooks, type WebhookSender } from './start-webhooks.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const made = (status: number | null): DeliveryAttempt => ({
  ...{ at: new Date().toISOString(), status, duration_ms: 1 },
  error: status === 200 ? null : 'it failed',
});
const succeeded = (): AttemptOutcome => ({ kind: 'succeeded', attempt: made(200) });
const failed = (retryAfterMs = 0): AttemptOutcome => ({ kind: 'failed', attempt: made(500), retryAfterMs });

/** A receiver of deliveries that answers as told, then always well. */
function receiver(answers: AttemptOutcome[] = [], subscribers: string[] = []) {
  const seen: StoredDelivery[] = [];
  const lost: string[] = [];
  const sender: WebhookSender = {
    subscribersOf: () => Promise.resolve(subscribers),
    attempt: (stored) => {
      seen.push(stored);
      return Promise.resolve(answers.shift() ?? succeeded());
    },
    gaveUp: ({ delivery }) => Promise.resolve(void lost.push(delivery.id)),
  };
  return { seen, lost, sender };
}

function open(prefix = newPrefix()) {
  const jobs = createJobClient({ redis, prefix });
  closers.push(() => jobs.close());
  const start = async (sender: WebhookSender, schedule = [0, 10, 10], leaseMs = 200) => {
    const running = await startWebhooks({ redis, prefix, sender, schedule, leaseMs, logger: silent });
    closers.push(() => running.close());
    return running;
  };
  return { prefix, jobs, start, records: createJobRecords(redis, prefix) };
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ended = (jobs: JobClient, keyId: string, count = 1) =>
  until(async () => {
    const { items } = await jobs.webhooks.list(keyId, { limit: 100 });
    const done = items.filter(({ delivery }) => delivery.status !== 'pending');
    return done.length >= count ? done.map(({ delivery }) => delivery) : undefined;
  });

describe('Webhooks of jobs', () => {
  it('tell every subscriber of an end once, under one id over all attempts', async () => {
    const { jobs, records, start } = open();
    const webhook = newId('webhook');
    const { sender, seen } = receiver([failed(), failed()], [webhook]);
    await start(sender);
    const payload = recognizePayload();
    await jobs.submit('recognize', payload);
    await records.finish(payload.jobId, answer);

    const [delivery] = await ended(jobs, payload.keyId);
    expect(delivery).toMatchObject({
      status: 'succeeded',
      webhook_id: webhook,
      next_attempt_at: null,
      event: {
        type: 'recognition.succeeded',
        data: { id: payload.jobId, object: 'job', status: 'succeeded', url: `/v1/jobs/${payload.jobId}` },
      },
    });
    expect(delivery!.attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(new Set(seen.map((stored) => stored.delivery.id))).toEqual(new Set([delivery!.id]));
    expect(seen).toHaveLength(3);
  });

  it("tell a request's own webhook of what it asked for only", async () => {
    const { jobs, records, start } = open();
    const { sender, seen } = receiver();
    await start(sender);
    const [wanted, unwanted] = [recognizePayload(), recognizePayload()];
    const fields = {
      metadata: {},
      webhook: 'https://example.org/',
      webhook_events: ['recognition.succeeded'],
    };
    for (const payload of [unwanted, wanted]) {
      await jobs.submit('recognize', payload, { ...fields, webhook_events: ['recognition.succeeded'] });
    }
    await records.cancel(unwanted.jobId);
    await records.finish(wanted.jobId, answer);

    const [delivery] = await ended(jobs, wanted.keyId);
    expect(delivery).toMatchObject({ webhook_id: null, event: { type: 'recognition.succeeded' } });
    expect((await jobs.webhooks.list(unwanted.keyId, { limit: 10 })).items).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it('tell of a new model after the training that made it', async () => {
    const { jobs, records, start } = open();
    const { sender } = receiver([], [newId('webhook')]);
    await start(sender);
    const [jobId, keyId] = [newId('job'), newId('key')];
    await records.create({ type: 'train', jobId, keyId, requestId: 'req' });
    await records.finish(jobId, trained);

    const events = (await ended(jobs, keyId, 2)).map(({ event }) => event);
    expect(events.map(({ type }) => type).sort()).toEqual(['model.activated', 'training.succeeded']);
    expect(events.find(({ type }) => type === 'model.activated')?.data).toEqual({
      ...{ id: trained.model!.version, object: 'model', job: jobId, url: '/v1/model' },
    });
  });

  it('are told by another gateway when one dies between the end of a job and its deliveries', async () => {
    const { prefix, jobs, records, start } = open();
    const payload = recognizePayload();
    await jobs.submit('recognize', payload);
    await records.finish(payload.jobId, answer);
    // The gateway that dies here has taken the job and told nobody.
    expect(await createOutbox({ redis, prefix, leaseMs: 200 }).claim(10)).toEqual([payload.jobId]);

    const { sender, seen } = receiver([], [newId('webhook')]);
    await start(sender);
    await until(() => (seen.length > 0 ? seen : undefined), 8_000);
    expect(seen[0]!.delivery.event.data.id).toBe(payload.jobId);
  });

  it('are told once by two gateways', async () => {
    const { jobs, records, start } = open();
    const [one, other] = [receiver([], ['whk_' + '1'.repeat(32)]), receiver([], ['whk_' + '1'.repeat(32)])];
    await start(one.sender);
    await start(other.sender);
    const keyId = newId('key');
    const payloads = Array.from({ length: 40 }, () => ({ ...recognizePayload(), keyId }));
    for (const payload of payloads) {
      await jobs.submit('recognize', payload);
      await records.finish(payload.jobId, answer);
    }
    await ended(jobs, keyId, 40);
    const told = [...one.seen, ...other.seen].map(({ delivery }) => delivery.event.data.id);
    expect(told.sort()).toEqual(payloads.map(({ jobId }) => jobId).sort());
  });

  it('tell nothing of a job that was deleted', async () => {
    const { jobs, records, start } = open();
    const payload = recognizePayload();
    await jobs.submit('recognize', payload);
    await records.finish(payload.jobId, answer);
    await records.remove(payload.jobId);
    const { sender, seen } = receiver([], [newId('webhook')]);
    await start(sender);
    const later = { ...recognizePayload(), keyId: payload.keyId };
    await jobs.submit('recognize', later);
    await records.finish(later.jobId, answer);
    await ended(jobs, payload.keyId);
    expect(seen.map(({ delivery }) => delivery.event.data.id)).toEqual([later.jobId]);
  });
});

describe('A delivery', () => {
  const ping = async (jobs: JobClient, keyId: string) => {
    const webhookId = newId('webhook');
    return jobs.webhooks.send({ keyId, webhookId, event: pingOf(webhookId, new Date()) });
  };

  it('fails for good after the last attempt of the schedule, and can be sent again', async () => {
    const { jobs, start } = open();
    const keyId = newId('key');
    const { sender, seen, lost } = receiver([failed(), failed(), failed()]);
    await start(sender);
    const { id } = await ping(jobs, keyId);
    const [delivery] = await ended(jobs, keyId);
    expect(delivery).toMatchObject({ id, status: 'failed', reason: expect.stringContaining('last attempt') });
    expect(lost).toEqual([id]);

    expect((await jobs.webhooks.redeliver(id))?.delivery.status).toBe('pending');
    const [again] = await ended(jobs, keyId);
    expect(again).toMatchObject({ id, status: 'succeeded', reason: null });
    expect(again!.attempts).toHaveLength(4);
    expect(seen).toHaveLength(4);
  });

  it('is not tried again where the receiver refused, nor at all where there is nobody', async () => {
    const { jobs, start } = open();
    const { sender, lost } = receiver([
      { kind: 'refused', attempt: made(410), reason: 'gone' },
      { kind: 'canceled', reason: 'deleted' },
    ]);
    await start(sender);
    const [first, second] = [newId('key'), newId('key')];
    await ping(jobs, first);
    expect(await ended(jobs, first)).toMatchObject([
      { status: 'failed', reason: 'gone', attempts: [{ status: 410 }] },
    ]);
    await ping(jobs, second);
    expect(await ended(jobs, second)).toMatchObject([
      { status: 'canceled', reason: 'deleted', attempts: [] },
    ]);
    expect(lost).toEqual([]);
  });

  it('waits as long as its receiver says, unless somebody asks for it now', async () => {
    const { jobs, start } = open();
    const keyId = newId('key');
    const { sender, seen } = receiver([failed(3_600_000)]);
    await start(sender);
    const { id } = await ping(jobs, keyId);
    const waiting = await until(async () => {
      const stored = await jobs.webhooks.get(id);
      return stored?.tries === 1 ? stored.delivery : undefined;
    });
    expect(Date.parse(waiting.next_attempt_at!) - Date.now()).toBeGreaterThan(3_500_000);
    await jobs.webhooks.redeliver(id);
    await ended(jobs, keyId);
    expect(seen).toHaveLength(2);
  });

  it('that cannot be attempted for a reason of ours is looked at again, and no attempt is counted', async () => {
    const { jobs, start } = open();
    const keyId = newId('key');
    const { sender } = receiver();
    let outages = 1;
    const attempt: WebhookSender['attempt'] = (stored) =>
      outages-- > 0 ? Promise.reject(new Error('storage is away')) : sender.attempt(stored);
    await start({ ...sender, attempt });
    await ping(jobs, keyId);
    expect((await ended(jobs, keyId))[0]!.attempts).toHaveLength(1);
  });

  it('to a webhook that hangs leaves room for those of others', async () => {
    const { jobs, start } = open();
    const [hanging, answering] = [newId('webhook'), newId('webhook')];
    const keyId = newId('key');
    let running = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const attempt: WebhookSender['attempt'] = async ({ delivery }) => {
      if (delivery.webhook_id === hanging) {
        most = Math.max(most, ++running);
        await released;
        running--;
      }
      return succeeded();
    };
    await start({ ...receiver().sender, attempt });
    const sendTo = (webhookId: string) =>
      jobs.webhooks.send({ keyId, webhookId, event: pingOf(webhookId, new Date()) });
    // More than the attempts that one gateway makes at once.
    for (let i = 0; i < 60; i++) await sendTo(hanging);
    await sendTo(answering);
    const [delivery] = await ended(jobs, keyId);
    expect(delivery!.webhook_id).toBe(answering);
    expect(most).toBe(10);
    release();
    await until(async () => {
      const { items } = await jobs.webhooks.list(keyId, { limit: 1, status: 'pending' });
      return items.length === 0 ? true : undefined;
    }, 20_000);
  }, 30_000);

  it('is listed by status and webhook, newest first, a page at a time', async () => {
    const { jobs } = open();
    const keyId = newId('key');
    const sent: string[] = [];
    for (let i = 0; i < 5; i++) sent.unshift((await ping(jobs, keyId)).id);
    const first = await jobs.webhooks.list(keyId, { limit: 3, status: 'pending' });
    const second = await jobs.webhooks.list(keyId, { limit: 3, after: first.nextCursor! });
    const ids = [...first.items, ...second.items].map(({ delivery }) => delivery.id);
    expect(ids.sort()).toEqual(sent.sort());
    expect(second.nextCursor).toBeNull();
    const webhookId = first.items[0]!.delivery.webhook_id!;
    expect((await jobs.webhooks.list(keyId, { limit: 3, webhookId })).items).toHaveLength(1);
    expect((await jobs.webhooks.list(keyId, { limit: 3, status: 'failed' })).items).toEqual([]);
  });
});
