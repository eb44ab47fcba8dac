import { once } from 'node:events';
import { createServer, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createS3Transport, isUnreached } from './s3-transport.js';

const server = createServer((_request, response) => void sleep(3_300).then(() => response.end('late')));
const { transport, agent } = createS3Transport(false);
const send = (options: RequestOptions) =>
  new Promise<string>((resolve, reject) => {
    const sent = transport.request(
      { agent, host: '127.0.0.1', ...options },
      (answer) => void text(answer).then(resolve, reject),
    );
    sent.once('error', reject).end();
  });

beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => {
  agent.destroy();
  server.close();
});

describe('The transport to S3', () => {
  it('waits 3 s for a connection, which is worth another try', async () => {
    const began = performance.now();
    const error = await send({ host: 's3.example', lookup: () => undefined }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: 'ETIMEDOUT', syscall: 'connect' });
    expect(isUnreached(error)).toBe(true);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('waits longer for the answer of a server that was reached', async () => {
    expect(await send({ port: (server.address() as AddressInfo).port })).toBe('late');
  });
});
