import type { Problem } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { bearer, eventually, send } from './testing/requests.js';
import { useGateway } from './testing/use-gateway.js';

const gateway = useGateway();

describe('every address', () => {
  it('answers an unknown path with a problem document', async () => {
    const { status, headers, body } = await send(`${gateway.url}/v1/recognise`);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND', retryable: false });
    expect(body.request_id).toBe(headers.get('x-request-id'));
  });

  it('answers a broken percent escape with a problem document', async () => {
    const { status, body } = await send(`${gateway.url}/v1/jobs/%E0%A4%A`);
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
  });

  it('echoes an acceptable X-Request-Id and replaces any other', async () => {
    const ids = ['my-id.1_A', 'x'.repeat(128), 'x'.repeat(129), 'a b', '<script>'];
    const echoed = await Promise.all(
      ids.map(async (id) => {
        const { headers } = await send(`${gateway.url}/healthz`, { headers: { 'x-request-id': id } });
        return headers.get('x-request-id') === id;
      }),
    );
    expect(echoed).toEqual([true, true, false, false, false]);
  });

  it('does not tell what it is built with', async () => {
    const { headers } = await send(`${gateway.url}/healthz`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['GET', '/v1/recognize', 'POST, OPTIONS'],
    ['HEAD', '/v1/recognize', 'POST, OPTIONS'],
    ['PUT', '/v1/train', 'POST, OPTIONS'],
    ['PUT', '/v1/jobs/job_1', 'GET, HEAD, DELETE, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/readyz', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and tells what it takes', async (method, path, allow) => {
    const { status, headers, body } = await send<Problem | undefined>(`${gateway.url}${path}`, { method });
    expect([status, headers.get('allow')]).toEqual([405, allow]);
    expect(body?.code).toBe(method === 'HEAD' ? undefined : 'METHOD_NOT_ALLOWED');
  });

  it('answers OPTIONS without a key', async () => {
    const { status, headers } = await send(`${gateway.url}/v1/recognize`, { method: 'OPTIONS' });
    expect([status, headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  });
});

describe('the API key', () => {
  const job = () => `${gateway.url}/v1/jobs/job_${'0'.repeat(32)}`;
  const statusWith = async (headers: Record<string, string>) => (await send(job(), { headers })).status;

  it('is taken as bearer token and as X-Api-Key', async () => {
    expect(await statusWith(bearer(gateway.secret))).toBe(404);
    expect(await statusWith({ authorization: `bearer  ${gateway.secret} ` })).toBe(404);
    expect(await statusWith({ 'x-api-key': gateway.secret })).toBe(404);
    expect(await statusWith({ authorization: 'Basic eDp5', 'x-api-key': gateway.secret })).toBe(404);
  });

  it('is missing, malformed or unknown: 401 with a challenge', async () => {
    const unknown = `fh_${'A'.repeat(43)}`;
    for (const headers of [{}, bearer('nonsense'), bearer(unknown), { authorization: gateway.secret }]) {
      const { status, headers: got, body } = await send(job(), { headers });
      expect([status, body.code, got.get('www-authenticate')]).toEqual([401, 'UNAUTHORIZED', 'Bearer']);
    }
  });

  it('does not appear in the log', async () => {
    await send(job(), { headers: { ...bearer(gateway.secret), 'x-api-key': gateway.secret } });
    await eventually(() => gateway.logLines.some((line) => line.includes('/v1/jobs/')));
    expect(gateway.logLines.join('')).not.toContain(gateway.secret);
  });
});

describe('an answer that leaves before the body has come', () => {
  it('reaches the client, and the connection ends although the body never does', async () => {
    const { port } = new URL(gateway.url);
    const socket = createConnection(Number(port), '127.0.0.1');
    socket.write(
      'POST /v1/train HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nabc',
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('health', () => {
  it('is alive and ready', async () => {
    expect(await send(`${gateway.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await send(`${gateway.url}/readyz`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });
});
