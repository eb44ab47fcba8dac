import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listens on now. Somebody else may take it before the caller does, so a
 * server started on it must be ready to try another one.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error(`A listening TCP socket has a port, but its address was ${String(address)}.`));
      });
    });
  });
}
