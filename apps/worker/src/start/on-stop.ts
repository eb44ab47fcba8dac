import type { Logger } from 'pino';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs `stop` once and ends the process: on SIGTERM or SIGINT, and when a parent that holds a channel to us is gone
 * (`facehash up` was killed), or we would go on taking jobs unseen. A second signal ends the process at once.
 */
export function onStop(logger: Logger, stop: () => Promise<void>): void {
  const begin = (reason: string) => {
    logger.info({ reason }, 'finishing the jobs in work, then stopping');
    for (const signal of SIGNALS) process.removeListener(signal, begin);
    process.removeListener('disconnect', orphaned);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  const orphaned = () => {
    begin('the parent process is gone');
  };
  for (const signal of SIGNALS) process.on(signal, begin);
  process.on('disconnect', orphaned);
}
