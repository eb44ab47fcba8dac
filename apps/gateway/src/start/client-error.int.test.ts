import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { errorHandler } from '../middleware/error-handler.js';
import { requireHost } from '../middleware/require-host.js';
import { listen, type RunningServer } from './listen.js';

let server: RunningServer;

beforeAll(async () => {
  const app = express();
  app.use(requireHost);
  app.post('/', (req) => req.resume());
  app.get('/', (_req, res) => res.write('begun'));
  app.use(errorHandler);
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(() => server.close(0));

/** What comes back for these bytes until the connection ends. */
function answerTo(bytes: string): Promise<string> {
  const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('what is no request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'INVALID_REQUEST'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'INVALID_REQUEST',
    ],
    [
      'a broken chunk',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      'INVALID_REQUEST',
    ],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'INVALID_REQUEST'],
    [
      'huge headers',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('is answered with a problem document: %s', async (_name, bytes, status, code) => {
    const [head, body] = (await answerTo(bytes)).split('\r\n\r\n') as [string, string];
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code });
  });

  it('ends the connection without a second answer where one has begun', async () => {
    const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const [begun] = (await once(socket, 'data')) as [Buffer];
    socket.write('zz\r\n');
    expect(`${begun.toString()}${await text(socket)}`.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
