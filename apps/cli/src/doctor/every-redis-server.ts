import { serversOf, type Redis } from '@facehash/jobs';
import type { Check, Verdict } from './check.js';

/** The same check of each server that holds data, a cluster's too; the worst verdict counts, and says whose it is. */
export const onEveryServer = ({ run, ...check }: Check<Redis>): Check<Redis> => ({
  ...check,
  async run(redis) {
    const verdicts = await Promise.all(
      serversOf(redis).map(async (server) => {
        const verdict = await run(server);
        if (server === redis) return verdict;
        const { host, port } = server.options;
        return { ...verdict, detail: `${host}:${port}: ${verdict.detail}` };
      }),
    );
    const of = (wanted: Verdict['verdict']) => verdicts.find(({ verdict }) => verdict === wanted);
    return of('fail') ?? of('warn') ?? verdicts[0]!;
  },
});
