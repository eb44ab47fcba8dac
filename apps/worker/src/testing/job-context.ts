import type { JobContext } from '@facehash/jobs';

/** Of a job that is alone and allowed everything. */
export const aloneContext: JobContext = {
  attempt: 1,
  signal: new AbortController().signal,
  progress: () => Promise.resolve(),
  turn: () => Promise.resolve(),
  others: {
    list: () => Promise.resolve([]),
    mayPublish: () => Promise.resolve(true),
    end: () => Promise.resolve(),
  },
  isModelStale: () => Promise.resolve(false),
  enrolled: () => Promise.resolve(),
  mayPublish: () => Promise.resolve(true),
  forget: () => Promise.resolve(0),
};
