import { pino, type Logger } from 'pino';

/** JSON lines on stdout. Never a photo, a vector or a label: logs outlive the deletion of a person. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { app: 'worker' } });
}
