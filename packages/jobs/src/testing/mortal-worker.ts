/**
 * A worker process for the crash tests: `node --import tsx --conditions source mortal-worker.ts URL PREFIX`.
 * It notes what it does in the Redis list PREFIX:log; an upload named `deadly`, or a fit of somebody of that label, ends the
 * process as a native crash would, `endless` never comes back, `slow` takes a second, `deadly-once` kills the first that
 * touches it.
 */
import { argv, kill, pid, stdin } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../connection.js';
import { startConsumer } from '../consumer.js';
import { handlers, silent, trained } from './examples.js';

const [url, prefix] = argv.slice(2) as [string, string];
const redis = connectRedis(url, 'worker');
const note = (text: string): Promise<number> => redis.rpush(`${prefix}:log`, text);

async function meet(uploadKey: string): Promise<void> {
  if (uploadKey === 'endless') await new Promise(() => undefined);
  if (uploadKey === 'slow') await sleep(1_000);
  if (uploadKey === 'deadly') await sleep(300); // so that what runs beside it has begun
  const first = (await redis.incr(`${prefix}:met:${uploadKey}`)) === 1;
  if (uploadKey === 'deadly' || (uploadKey === 'deadly-once' && first)) kill(pid, 'SIGKILL');
}

await startConsumer({
  redis,
  prefix,
  concurrency: 2,
  logger: silent,
  handlers: {
    recognize: {
      async run(payload, context) {
        await note(`run recognize by ${pid}`);
        await meet(payload.uploadKey);
        return handlers.recognize.run(payload, context);
      },
      async cleanUp(_payload, error) {
        await note(`clean recognize ${error.code}`);
      },
    },
    extract: {
      async run(payload, context) {
        await note(`run extract ${payload.batch}`);
        await meet(payload.photos[0]!.uploadKey);
        return handlers.extract.run(payload, context);
      },
      async cleanUp(payload, error) {
        await note(`clean extract ${payload.batch} ${error.code}`);
      },
    },
    train: {
      async run(payload, context) {
        await note('run train');
        await context.turn();
        await note(`turn of ${payload.subject?.label ?? 'a retraining'}`);
        await meet(payload.subject?.label ?? 'fine');
        for (const other of await context.others.list()) await context.others.end(other, trained);
        return handlers.train.run(payload, context);
      },
      async cleanUp() {
        await note('clean train');
      },
    },
    detect: handlers.detect,
    verify: handlers.verify,
    enrol: handlers.enrol,
    erase: handlers.erase,
    import: handlers.import,
  },
});

// The test holds the other end: a worker must not outlive it.
stdin.resume().once('end', () => process.exit());
