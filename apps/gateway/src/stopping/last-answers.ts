import type { Server, ServerResponse } from 'node:http';

/**
 * Follows a server's answers, so that from a moment on each can be the last of its connection. Node itself says so to nobody: a
 * client would send its next request into a connection that is closed just then.
 * @returns call it when that moment has come; answers under way are included
 */
export function lastAnswers(server: Server): () => void {
  const underWay = new Set<ServerResponse>();
  let isLast = false;
  const follow = (_req: unknown, res: ServerResponse): void => {
    if (isLast) endConnection(res);
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
  };
  // Before the app, which may answer at once.
  for (const event of ['request', 'checkExpectation'] as const) server.prependListener(event, follow);

  return () => {
    isLast = true;
    for (const res of underWay) endConnection(res);
  };
}

function endConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
