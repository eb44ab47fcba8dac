import { AppError } from '@facehash/contracts';

/**
 * The result of `work`, or AppError JOB_TIMED_OUT after `timeoutMs` even when `work` ignores its signal and hangs.
 */
export async function withinTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new AppError('JOB_TIMED_OUT', `The job was stopped after ${timeoutMs / 1000} s.`);
      reject(error); // before the abort, or the work's own rejection would win the race
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
