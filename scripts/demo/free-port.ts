import { once } from 'node:events';
import { createServer } from 'node:net';

/** The first port from `from` on that no program has. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; ; port++) {
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
