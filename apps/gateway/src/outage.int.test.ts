import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { formOf, jpegOf } from './testing/forms.js';
import { startGateway, type GatewayForTests } from './testing/gateway-for-tests.js';
import { bearer, eventually, send } from './testing/requests.js';

let redis: RedisForTests;
let gateway: GatewayForTests;

beforeEach(async () => {
  redis = await startRedis();
  gateway = await startGateway(redis.url, { requestsPerMinute: 1000, failuresPerMinute: 1000 });
  await gateway.publishModel(gateway.key.id);
});

afterEach(async () => {
  await gateway.close();
  await redis.stop();
});

const recognize = () =>
  send(`${gateway.url}/v1/recognize`, {
    method: 'POST',
    headers: bearer(gateway.secret),
    body: formOf(['image', jpegOf(5000)]),
  });
const ready = () => send<{ code: string; missing: string[] }>(`${gateway.url}/readyz`);

describe('without Redis', () => {
  it('answers 503 at once, keeps nothing, and recovers by itself', async () => {
    process.kill(redis.process.pid, 'SIGKILL');
    await eventually(async () => (await ready()).status === 503);

    const began = Date.now();
    const { status, headers, body } = await recognize();
    expect([status, body.code, body.retryable]).toEqual([503, 'UNAVAILABLE', true]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Date.now() - began).toBeLessThan(1000);
    expect((await ready()).body.missing).toEqual(['redis']);
    expect((await send(`${gateway.url}/healthz`)).status).toBe(200);
    expect(await gateway.uploads()).toEqual([]);
    // Nobody is counted now, and nobody refused for it.
    const subjects = `${gateway.url}/v1/subjects`;
    expect((await send(subjects, { headers: bearer(gateway.secret) })).status).toBe(200);
    expect((await send(subjects)).status).toBe(401);

    const again = spawn('redis-server', [
      '--port',
      new URL(redis.url).port,
      '--save',
      '',
      '--bind',
      '127.0.0.1',
    ]);
    try {
      await eventually(async () => (await recognize()).status === 202);
      expect((await ready()).status).toBe(200);
    } finally {
      again.kill();
    }
  });
});

describe('without storage', () => {
  it('answers 503, says so in /readyz, and recovers by itself', async () => {
    await recognize(); // the key is known from now on, so what fails is the upload
    await rename(gateway.folder, `${gateway.folder}-gone`);
    const { status, body } = await recognize();
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(JSON.stringify(body)).not.toContain(gateway.folder);
    expect((await ready()).body.missing).toEqual(['storage']);
    await rename(`${gateway.folder}-gone`, gateway.folder);
    expect((await recognize()).status).toBe(202);
    expect((await ready()).status).toBe(200);
  });
});
