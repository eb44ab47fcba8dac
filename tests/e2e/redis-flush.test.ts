import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, ModelResource, Problem, RecognizeResult } from '@facehash/contracts';
import { connectRedis } from '@facehash/jobs';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { FACEHASH_ARGS } from './facehash-args.js';
import { startService, type Caller, type Service } from './start-service.js';

const REPO = path.resolve(import.meta.dirname, '../..');

let service: Service;
let caller: Caller;

beforeAll(async () => {
  service = await startService({ workers: 2 });
  caller = await service.newKey();
  expect((await caller.ended(await caller.train('Ada', await portraits(1, 6)))).status).toBe('succeeded');
}, 90_000);
afterAll(() => service.stop());

const portraits = (person: number, count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => drawPortrait(drawPerson(person), at)));

/** Redis loses its memory, as when it is restarted without a file. */
async function flush(): Promise<void> {
  const redis = connectRedis(service.redis.url, 'worker');
  await redis.flushall();
  await redis.quit();
}

async function recognizedLabels(): Promise<(string | null)[]> {
  const job = await caller.ended(await caller.recognize(await drawPortrait(drawPerson(1), 90)));
  return (job.result as RecognizeResult).faces.map(({ label }) => label);
}

async function expectEverythingThere(...labels: string[]): Promise<void> {
  const model = (await (await caller.request('/v1/model')).json()) as ModelResource;
  expect(model.labels.map(({ label }) => label).sort()).toEqual(labels);
  expect(await recognizedLabels()).toEqual(['Ada']);
}

/** `facehash doctor --json`, as somebody at a terminal would run it. */
function doctor(environment: NodeJS.ProcessEnv): Promise<{ code: number; report: DoctorReport }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...FACEHASH_ARGS, 'doctor', '--json'],
      { cwd: REPO, env: { ...process.env, ...environment } },
      (error, stdout) => {
        resolve({ code: Number(error?.code ?? 0), report: JSON.parse(stdout) as DoctorReport });
      },
    );
  });
}

interface DoctorReport {
  readonly ok: boolean;
  readonly findings: readonly { name: string; verdict: string; detail: string; advice?: string }[];
}

describe('Redis loses its memory', () => {
  it('while nothing happens: keys, people, photos and models are all there', async () => {
    await flush();
    await expectEverythingThere('Ada');
  }, 60_000);

  it('while recognitions are waited for: each gets a clear answer, soon', async () => {
    const photo = await drawPortrait(drawPerson(1), 91);
    const startedAt = performance.now();
    const waited = Array.from({ length: 8 }, () => caller.recognize(photo));
    await sleep(150);
    await flush();
    for (const response of await Promise.all(waited)) {
      const body = (await response.json()) as Job | Problem;
      // Done before the flush, or told that the job is gone; never a wait to its end.
      if (response.ok) expect((body as Job).status).toMatch(/queued|processing|succeeded|failed/);
      else expect((body as Problem).code).toMatch(/JOB_LOST|NOT_FOUND|UNAVAILABLE/);
      if (response.status === 202) {
        const { id } = body as Job;
        expect((await caller.request(`/v1/jobs/${id}`)).status).toBe(404);
      }
    }
    expect(performance.now() - startedAt).toBeLessThan(25_000);
    await expectEverythingThere('Ada');
  }, 90_000);

  it('while a training runs: it is gone, nothing of it is in force, and it can be sent again', async () => {
    const accepted = await caller.train('Ben', await portraits(2, 60));
    const { id } = (await accepted.json()) as Job;
    const waited = caller.request(`/v1/jobs/${id}`, { headers: { prefer: 'wait=30' } });
    await sleep(1_000);
    await flush();
    expect([404, 200]).toContain((await waited).status);
    expect((await caller.request(`/v1/jobs/${id}`)).status).toBe(404);
    await expectEverythingThere('Ada');
    const again = await caller.ended(await caller.train('Ben', await portraits(2, 6)));
    expect(again).toMatchObject({ status: 'succeeded', error: null });
    await expectEverythingThere('Ada', 'Ben');
  }, 120_000);

  it('and the doctor says that all is there', async () => {
    await flush();
    const { code, report } = await doctor({
      FACEHASH_URL: service.url,
      FACEHASH_REDIS_URL: service.redis.url,
      FACEHASH_STORAGE_URL: service.storageUrl,
    });
    expect(report.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect([code, report.ok]).toEqual([0, true]);
    const detailOf = (name: string) => report.findings.find((finding) => finding.name === name)?.detail;
    expect(detailOf('Keys, people and photos')).toMatch(/^1 live key\(s\) of 1, 2 subject\(s\), \d+ photo/);
    expect(detailOf('Models in force are whole')).toBe('1 model(s), their checksums right');
    expect(detailOf('Gateway answers and is ready')).toBe(service.url);
  }, 60_000);

  it('and with a Redis that is gone the doctor fails, and says what to do', async () => {
    const { code, report } = await doctor({
      FACEHASH_URL: service.url,
      FACEHASH_REDIS_URL: 'redis://127.0.0.1:1',
      FACEHASH_STORAGE_URL: service.storageUrl,
    });
    expect([code, report.ok]).toEqual([1, false]);
    const failed = report.findings.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toEqual(['Redis answers']);
    expect(failed[0]?.advice).toContain('FACEHASH_REDIS_URL');
  }, 60_000);
});
