import type { RequestHandler } from 'express';

/** As nginx's `lingering_timeout`: time for the client to notice the answer before the connection goes. */
const LINGER_MS = 5000;

/**
 * An answer may leave before the body has come (401, 409, 413). Node then reads and drops the rest, so that the client
 * is not cut off before it has read the answer, but it does so for as long as anybody cares to send. This ends it.
 */
export function unreadBody(lingerMs = LINGER_MS): RequestHandler {
  return (req, res, next) => {
    res.once('finish', () => {
      if (req.complete) return;
      const timer = setTimeout(() => req.socket.destroy(), lingerMs).unref();
      req.once('end', () => {
        clearTimeout(timer);
      });
    });
    next();
  };
}
