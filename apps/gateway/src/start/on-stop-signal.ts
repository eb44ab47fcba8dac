import type { Logger } from 'pino';

/** Runs `stop` once, on the first SIGTERM or SIGINT, then ends the process; a second signal ends it at once. */
export function onStopSignal(logger: Logger, stop: () => Promise<void>): void {
  const onSignal = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'stopping');
    for (const other of SIGNALS) process.removeListener(other, onSignal);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
