import { serversOf, type Redis } from '@facehash/jobs';
import type { Check } from './check.js';

const ORDER = ['fail', 'warn', 'ok'] as const;

/** The same check of each server that holds data; of a cluster's the worst verdict counts, and says whose it is. */
export const onEveryServer = ({ run, ...check }: Check<Redis>): Check<Redis> => ({
  ...check,
  async run(redis) {
    const servers = serversOf(redis);
    const verdicts = await Promise.all(servers.map(run));
    const worst = ORDER.find((wanted) => verdicts.some(({ verdict }) => verdict === wanted));
    const at = verdicts.findIndex(({ verdict }) => verdict === worst);
    const [server, verdict] = [servers[at]!, verdicts[at]!];
    if (server === redis) return verdict;
    const { host, port } = server.options;
    return { ...verdict, detail: `${verdict.detail} (${host}:${port}, one of ${servers.length} servers)` };
  },
});
