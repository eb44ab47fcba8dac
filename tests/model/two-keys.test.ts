/**
 * Two keys send random commands to a live service, at the same time; a model of each key says what it must be answered
 * (`key-model.ts`), and no answer may hold anything of the other key (`isolation.ts`).
 *
 * One run belongs to `npm test`; `pnpm soak` goes on with random seeds for MINUTES (5). A failure names its seed: SEED=… runs that one.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newAdminToken } from '@facehash/contracts';
import fc from 'fast-check';
import { startService, type Service } from '../e2e/start-service.js';
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../apps/gateway/src/testing/webhook-receiver.js';
import { createCaller, type Caller } from './caller.js';
import { settleWholly, type KeyCommand } from './command.js';
import { addPhotosCommands } from './commands/add-photos.js';
import { imageCommands } from './commands/detect-and-verify.js';
import { foreignCommands } from './commands/foreign.js';
import { jobCommands, readJob } from './commands/jobs.js';
import { keyCommands } from './commands/keys.js';
import { onTrainingCommands } from './commands/on-training.js';
import { recognizeCommands } from './commands/recognize.js';
import { lookAround, subjectCommands } from './commands/subjects.js';
import { enrolAndRead, trainCommands } from './commands/train.js';
import { verifyLabelCommands } from './commands/verify-label.js';
import { eraseKey } from './erase-key.js';
import { hearWebhooks, type Hearing } from './hear-webhooks.js';
import { createIsolation } from './isolation.js';
import { createKeyModel, recognizable, type KeyModel } from './key-model.js';
import { drawPictures, type Pictures } from './pictures.js';

const NAMES = ['left', 'right'] as const;
/** Without it one run, of the fixed seed: whether `npm test` passes is not for chance to say. */
const MINUTES = Number(process.env.MINUTES ?? 0);
/** Of each key in one run. */
const COMMANDS = 40;
const FIXED_SEED = 1;

/** What the runs were made of, so that a run that tests little shows. */
const tally: Record<string, number> = {};
const count = (what: string): void => void (tally[what] = (tally[what] ?? 0) + 1);

/** Whoever asks with wrong secrets on purpose must not be taken for somebody who guesses. */
const UNLIMITED = { FACEHASH_REQUESTS_PER_MINUTE: '0', FACEHASH_FAILURES_PER_MINUTE: '0' };

interface Tested {
  readonly model: KeyModel;
  readonly caller: Caller;
  readonly webhook: Hearing;
}

const adminToken = newAdminToken();
let service: Service;
let pictures: Pictures[];
let receiver: WebhookReceiver;

beforeAll(async () => {
  const gateway = { FACEHASH_ADMIN_TOKEN: adminToken, FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'true', ...UNLIMITED };
  [service, receiver, pictures] = await Promise.all([
    startService({ workers: 2, settings: { gateway } }),
    startWebhookReceiver(),
    Promise.all(NAMES.map((_, at) => drawPictures(at))),
  ]);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await receiver.close();
});

async function newKeys(): Promise<Tested[]> {
  const isolation = createIsolation();
  return Promise.all(
    NAMES.map(async (name, at) => {
      const { keyId, secret } = await service.newKey();
      const marker = `${name}${randomInt(2 ** 40).toString(36)}`;
      for (const text of [keyId, secret, marker]) isolation.own(name, text);
      const { url } = service;
      const caller = createCaller({
        name,
        keyId,
        secret,
        url,
        isolation,
        adminToken,
        pictures: pictures[at]!,
      });
      const webhook = await hearWebhooks(receiver, caller, marker);
      return { model: createKeyModel(marker), caller, webhook };
    }),
  );
}

/** Every job has ended, as whoever followed it was told, and stays so. */
async function assertAllEnded({ model, caller }: Tested): Promise<void> {
  await settleWholly(model, caller);
  for (const job of model.jobs.all.values()) {
    await readJob(model, caller, job, 'wait=30');
    assert(
      job.final !== undefined || job.gone !== 'no',
      `${job.id} has not ended: ${JSON.stringify(job.last.job)}`,
    );
  }
  await caller.over();
  for (const job of model.jobs.all.values()) {
    await readJob(model, caller, job);
    count(`${job.last.job.type} ${job.gone === 'yes' ? 'deleted' : job.last.job.status}`);
  }
}

/** Of the other key: nothing has gone with the one erased. */
async function assertUntouched({ model, caller }: Tested): Promise<void> {
  await lookAround.run(model, caller);
  for (const job of model.jobs.all.values()) await readJob(model, caller, job);
  if (recognizable(model).length > 0) await enrolAndRead(0).run(model, caller);
}

async function assertNoUploads(): Promise<void> {
  const left: string[] = [];
  for (let attempt = 0; attempt < 50; attempt++) {
    left.length = 0;
    for await (const key of service.storage.list('uploads/')) left.push(key);
    if (left.length === 0) return;
    await sleep(100);
  }
  assert.fail(`photos of ended jobs are left: ${left.join(', ')}`);
}

/** What the processes of the service held to be errors, the last few. */
const errorsLogged = (): string[] =>
  service
    .logged()
    .filter(({ level }) => Number(level) >= 50)
    .slice(-3)
    .map((line) => JSON.stringify(line));

const commandsOf = (other: () => KeyModel): fc.Arbitrary<Iterable<KeyCommand>> =>
  fc.commands(
    [
      ...trainCommands,
      ...addPhotosCommands,
      ...recognizeCommands,
      ...imageCommands,
      ...verifyLabelCommands,
      ...onTrainingCommands,
      ...jobCommands,
      ...subjectCommands,
      ...keyCommands,
      ...foreignCommands(other),
    ],
    { maxCommands: COMMANDS, size: 'max' },
  );

/** One run with keys of its own. @returns what fast-check says of it; undefined = all well */
async function runOf(seed: number): Promise<string | undefined> {
  let keys: Tested[] = [];
  const [left, right] = [() => keys[0]!, () => keys[1]!];
  const property = fc.asyncProperty(
    commandsOf(() => right().model),
    commandsOf(() => left().model),
    async (ofLeft, ofRight) => {
      keys = await newKeys();
      // One begins with somebody to recognise, the other with nobody.
      await enrolAndRead(0).run(left().model, left().caller);
      await Promise.all([
        fc.asyncModelRun(() => ({ model: left().model, real: left().caller }), ofLeft),
        fc.asyncModelRun(() => ({ model: right().model, real: right().caller }), ofRight),
      ]);
      await Promise.all(keys.map(assertAllEnded));
      await assertNoUploads();
      await Promise.all(keys.map(({ model, webhook }) => webhook.assertTold(model)));
      await eraseKey(service, left().model, left().caller);
      await assertUntouched(right());
    },
  );
  // A live service does not fail the same way twice for sure, so little time goes into shrinking.
  const details = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: 60_000 });
  if (!details.failed) return undefined;
  const { stack = 'it took too long' } = (details.errorInstance ?? {}) as Partial<Error>;
  return [stack, fc.defaultReportMessage(details), ...errorsLogged()].join('\n');
}

describe('Two keys at one service', () => {
  it(
    'never meet, and each is answered as its model says',
    async () => {
      const until = Date.now() + MINUTES * 60_000;
      const given = process.env.SEED;
      let runs = 0;
      for (
        let seed = Number(given ?? FIXED_SEED);
        runs === 0 || Date.now() < until;
        seed = randomInt(2 ** 31)
      ) {
        const failure = await runOf(seed);
        if (failure !== undefined) throw new Error(`SEED=${seed} failed, run ${runs + 1}: ${failure}`);
        runs++;
      }
      console.info(`${runs} runs of two keys, seeds ${FIXED_SEED} and random: ${JSON.stringify(tally)}`);
      expect(tally['train succeeded']).toBeGreaterThan(0);
    },
    MINUTES * 60_000 + 300_000,
  );
});
