import http from 'node:http';
import https from 'node:https';

/** A server that accepts and then says nothing would hold a request, and its slot, for ever. */
const SILENCE_MS = 15_000;

export interface S3Transport {
  readonly transport: Pick<typeof http, 'request'>;
  readonly agent: http.Agent;
}

/** Node's http with connections of its own (closed with the storage) and a limit on silence, which minio lacks. */
export function createS3Transport(tls: boolean): S3Transport {
  const { Agent, request } = tls ? https : http;
  const withTimeout = (options: http.RequestOptions, onResponse: (r: http.IncomingMessage) => void) => {
    const sent = request(options, onResponse);
    sent.setTimeout(SILENCE_MS, () => {
      sent.destroy(Object.assign(new Error(`no answer within ${SILENCE_MS} ms`), { code: 'ETIMEDOUT' }));
    });
    return sent;
  };
  return {
    // minio calls it with these two arguments only.
    transport: { request: withTimeout as typeof http.request },
    // As Node's own global agent: an idle connection older than this may already be closed by the server.
    agent: new Agent({ keepAlive: true, timeout: 5_000 }),
  };
}
