import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Listens for a moment. @returns the port, 0 having become a free one; undefined when another program has it */
export async function tryPort(port: number, host?: string): Promise<number | undefined> {
  const server = createServer();
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return taken;
}
