import { pino, type DestinationStream, type Logger } from 'pino';

/** Whoever reads the logs must not be able to act as a caller. */
const SECRETS = ['req.headers.authorization', 'req.headers["x-api-key"]', 'req.headers.cookie'];

/** JSON lines on stdout, or into `destination`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, redact: SECRETS, base: { app: 'gateway' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
