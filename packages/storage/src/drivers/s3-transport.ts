import http from 'node:http';
import https from 'node:https';

/** For the name to be found and the connection to stand: a lost packet costs seconds, and is worth another try. */
const CONNECT_MS = 3_000;
/** A server that accepts and then says nothing would hold a request, and its slot, for ever. */
const SILENCE_MS = 15_000;

export interface S3Transport {
  readonly transport: Pick<typeof http, 'request'>;
  readonly agent: http.Agent;
}

/** Node's http with connections of its own (closed with the storage) and limits on waiting, which minio lacks. */
export function createS3Transport(tls: boolean): S3Transport {
  const { Agent, request } = tls ? https : http;
  const withTimeout = (options: http.RequestOptions, onResponse: (r: http.IncomingMessage) => void) => {
    const sent = request(options, onResponse);
    sent.setTimeout(SILENCE_MS, () => sent.destroy(timedOut('read', SILENCE_MS)));
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(() => sent.destroy(timedOut('connect', CONNECT_MS)), CONNECT_MS);
      const settled = (): void => {
        clearTimeout(late);
      };
      socket.once(tls ? 'secureConnect' : 'connect', settled).once('close', settled);
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

/** As the operating system's own, which come after minutes. */
function timedOut(syscall: 'connect' | 'read', limitMs: number): Error {
  return Object.assign(new Error(`${syscall} ETIMEDOUT: nothing within ${limitMs} ms`), {
    code: 'ETIMEDOUT',
    syscall,
  });
}

const UNREACHED: readonly unknown[] = ['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE'];

/**
 * No connection stood, or it broke: the next may meet another server behind the same name. A server that says it is
 * overloaded, or that stays silent, is not asked again at once.
 */
export function isUnreached(error: unknown): boolean {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return UNREACHED.includes(code) || (code === 'ETIMEDOUT' && syscall === 'connect');
}
