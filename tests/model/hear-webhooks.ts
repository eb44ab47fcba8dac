import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyWebhook } from '@facehash/client';
import { webhookWithSecretSchema, type WebhookEvent } from '@facehash/contracts';
import type { WebhookReceiver } from '../../apps/gateway/src/testing/webhook-receiver.js';
import { bodyAs, type Caller } from './caller.js';
import type { KeyModel } from './key-model.js';

/** A job's end is told in a moment, but the machine may be busy. */
const TOLD_WITHIN_MS = 30_000;

export interface Hearing {
  /** Waits until the end of every job has been told. @throws AssertionError when one was told twice, or a stranger's */
  assertTold(model: KeyModel): Promise<void>;
}

/** Registers a webhook of this key's, whose path nobody else is told. */
export async function hearWebhooks(
  receiver: WebhookReceiver,
  caller: Caller,
  marker: string,
): Promise<Hearing> {
  const path = `/${marker}`;
  const answer = await caller.ask('POST', '/v1/webhooks', { json: { url: receiver.url + path } });
  const { secret } = bodyAs(answer, webhookWithSecretSchema);
  caller.isolation.own(caller.name, secret);

  /** By `webhook-id`, for a delivery may come more than once. */
  const heard = async (): Promise<WebhookEvent[]> => {
    const bodies = new Map<string, string>();
    for (const { headers, body } of receiver.received.filter((one) => one.path === path)) {
      caller.isolation.check(caller.name, `${JSON.stringify(headers)} ${body}`, '');
      await verifyWebhook(body, headers, secret);
      const id = String(headers['webhook-id']);
      assert.equal(body, bodies.get(id) ?? body, `${id} changes`);
      bodies.set(id, body);
    }
    return [...bodies.values()].map((body) => JSON.parse(body) as WebhookEvent);
  };

  return {
    async assertTold(model) {
      const missing = async (): Promise<string[]> => {
        const told = new Set((await heard()).map(({ data }) => data.id));
        return [...model.jobs.all.values()]
          .filter(({ id, gone }) => gone === 'no' && !told.has(id))
          .map(({ last }) => JSON.stringify(last.job));
      };
      const deadline = Date.now() + TOLD_WITHIN_MS;
      while ((await missing()).length > 0 && Date.now() < deadline) await sleep(200);
      assert.deepEqual(await missing(), [], 'jobs whose end no webhook told');
      assertEvents(await heard(), model);
    },
  };
}

function assertEvents(events: readonly WebhookEvent[], model: KeyModel): void {
  const ends = new Set<string>();
  const activations = new Set<string>();
  for (const { type, data } of events) {
    if (data.object === 'webhook') continue;
    const [id, told] = data.object === 'job' ? [data.id, ends] : [data.job, activations];
    const job = model.jobs.all.get(id);
    assert(job !== undefined, `a webhook tells of ${id}, which this key never sent`);
    assert(!told.has(id), `${type} of ${id} is told twice`);
    told.add(id);
    if (data.object !== 'job' || job.final === undefined) continue;
    assert.deepEqual([data.type, data.status], [job.last.job.type, job.last.job.status], job.final);
  }
  for (const { id, gone, last } of model.jobs.all.values()) {
    const { type, status, model: fitted } = last.job;
    const activates = (type === 'train' || type === 'erase') && status === 'succeeded' && fitted !== null;
    if (gone === 'no') assert.equal(activations.has(id), activates, `model.activated by ${id}`);
  }
}
