/**
 * A worker that decodes nothing and ends jobs at a pace: `paced-worker.ts REDIS_URL STORAGE_URL`, forked. Its parent
 * tells it by messages how many jobs a second; 0 = hold them.
 */
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, startConsumer } from '@facehash/jobs';
import { openStorage } from '@facehash/storage';
import { standInHandlers } from '../../apps/gateway/src/testing/stand-in-worker.js';

const [redisUrl, storageUrl] = argv.slice(2) as [string, string];
let perSecond = 0;
process.on('message', (pace: number) => (perSecond = pace));
process.once('disconnect', () => process.exit());

let nextAt = 0;
async function myTurn(): Promise<void> {
  while (perSecond === 0) await sleep(5);
  nextAt = Math.max(nextAt, performance.now()) + 1000 / perSecond;
  await sleep(nextAt - performance.now());
}

const silent = { info: nothing, warn: nothing, error: console.error };
const { recognize, ...handlers } = standInHandlers(await openStorage(storageUrl));
await startConsumer({
  redis: connectRedis(redisUrl, 'worker'),
  concurrency: 16,
  logger: silent,
  handlers: {
    ...handlers,
    recognize: {
      async run(payload, context) {
        await myTurn();
        return recognize.run(payload, context);
      },
    },
  },
});
process.send?.('ready');

function nothing(): void {
  // only errors are told
}
