import cliProgress from 'cli-progress';

export interface Progress {
  show(stage: string, percent: number): void;
  readonly close: () => void;
}

/** A bar on standard error, so that standard output stays for results; nothing where that is no terminal. */
export function createProgress(title: string): Progress {
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${title} {bar} {percentage}% {stage}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
  });
  let shown = false;
  return {
    show(stage, percent) {
      if (shown) bar.update(percent, { stage });
      else bar.start(100, percent, { stage });
      shown = true;
    },
    close: () => {
      bar.stop();
    },
  };
}
