/** `pnpm bench NAME [options]`: each benchmark is a module that exports `run`. */
const BENCHMARKS: Record<string, () => Promise<{ run(args: string[]): Promise<void> }>> = {
  accuracy: () => import('./accuracy/index.js'),
  'accuracy-over-http': () => import('./accuracy-over-http.js'),
  engines: () => import('./engines.js'),
  fit: () => import('./fit.js'),
  'held-uploads': () => import('./held-uploads.js'),
  incremental: () => import('./incremental.js'),
  landmarks: () => import('./landmarks.js'),
  quality: () => import('./quality/index.js'),
  refined: () => import('./refined.js'),
  shrinkage: () => import('./shrinkage.js'),
  throughput: () => import('./throughput/index.js'),
  verify: () => import('./verify/index.js'),
  vision: () => import('./vision.js'),
  waiting: () => import('./waiting/index.js'),
  'worker-memory': () => import('./worker-memory.js'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = BENCHMARKS[name];
if (load === undefined) {
  console.error(`usage: pnpm bench ${Object.keys(BENCHMARKS).join('|')} [options]`);
  process.exit(2);
}
await (await load()).run(args);
