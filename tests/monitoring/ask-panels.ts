/**
 * Asks a real Prometheus, which scrapes a real service, for what every panel of the dashboard and every alert asks. Prints the
 * answers, fails panels without data and rules that cannot be evaluated, and ends with `N passed, N failed`. tests/helm/run
 * builds Prometheus and runs it.
 *
 *   npx tsx --conditions source tests/monitoring/ask-panels.ts PROMETHEUS
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@facehash/client';
import { drawPerson, drawPortrait, freePort } from '@facehash/testkit';
import { startService, type Service } from '../e2e/start-service.js';

const MONITORING = path.resolve(import.meta.dirname, '../../deploy/monitoring');

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const [program = 'prometheus'] = process.argv.slice(2);
const [gatewayPort, workerPort, ownPort] = [await freePort(), await freePort(), await freePort()];
const folder = await mkdtemp(path.join(tmpdir(), 'facehash-panels-'));
await writeFile(
  path.join(folder, 'prometheus.yml'),
  JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [path.join(MONITORING, 'alerts.yml')],
    scrape_configs: [
      { job_name: 'facehash-gateway', static_configs: [{ targets: [`127.0.0.1:${gatewayPort}`] }] },
      { job_name: 'facehash-worker', static_configs: [{ targets: [`127.0.0.1:${workerPort}`] }] },
    ],
  }),
);
const service = await startService({
  settings: {
    gateway: { FACEHASH_METRICS_PORT: String(gatewayPort), FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'true' },
    worker: { FACEHASH_METRICS_PORT: String(workerPort) },
  },
});
const prometheus = spawn(
  program,
  [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${ownPort}`,
    '--log.level=warn',
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
let failed = 0;
let passed = 0;
try {
  await untilReady();
  // Twice: a rate is of what grew between two scrapes, and a series appears with its first event.
  await makeTraffic(service, 'Ada');
  await sleep(3_000);
  await makeTraffic(service, 'Ben');
  await sleep(3_000);

  const dashboard = JSON.parse(
    await readFile(path.join(MONITORING, 'grafana/dashboards/facehash.json'), 'utf8'),
  ) as { readonly panels: readonly Panel[] };
  for (const { title, targets = [] } of dashboard.panels) {
    for (const { expr } of targets) {
      const values = await ask(expr.replaceAll('$__rate_interval', '2m'));
      const hasData = values.some((value) => !Number.isNaN(value));
      if (hasData) passed++;
      else failed++;
      console.log(`${hasData ? 'ok  ' : 'FAIL'} ${title}: ${values.join(', ') || 'no data'}  ${expr}`);
    }
  }
  const rules = await api<{ groups: { rules: { name: string; health: string; state: string }[] }[] }>(
    'rules',
  );
  for (const { name, health, state } of rules.groups.flatMap((group) => group.rules)) {
    if (health === 'ok') passed++;
    else failed++;
    console.log(`${health === 'ok' ? 'ok  ' : 'FAIL'} ${name}: ${state}`);
  }
} finally {
  prometheus.kill();
  await once(prometheus, 'exit');
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function untilReady(): Promise<void> {
  const isReady = () =>
    fetch(`http://127.0.0.1:${ownPort}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) await sleep(200);
}

async function api<T>(call: string): Promise<T> {
  const answer = (await (await fetch(`http://127.0.0.1:${ownPort}/api/v1/${call}`)).json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: T;
  };
  if (answer.status !== 'success') throw new Error(`Prometheus refuses ${call}: ${answer.error ?? ''}`);
  return answer.data;
}

async function ask(expr: string): Promise<number[]> {
  const { result } = await api<{ result: { value: [number, string] }[] }>(
    `query?query=${encodeURIComponent(expr)}`,
  );
  return result.map(({ value: [, value] }) => Number(Number(value).toPrecision(3)));
}

/** Something for every metric: an enrolment, recognitions, a damaged photo, a refusal, a webhook that nobody takes. */
async function makeTraffic(service: Service, label: string): Promise<void> {
  const { secret } = await service.newKey();
  const client = createClient({ url: service.url, key: secret });
  const person = drawPerson(1);
  const photos = await Promise.all([0, 1, 2, 3, 4].map((at) => drawPortrait(person, at)));
  await (await client.train(label, photos)).result();
  for (let at = 10; at < 20; at++) {
    const webhook = `http://127.0.0.1:${ownPort}/nobody`;
    await (await client.recognize(await drawPortrait(person, at), { webhook })).result();
  }
  const damaged = photos[0]!.subarray(0, 300);
  await (await client.recognize(damaged)).wait();
  await fetch(`${service.url}/v1/jobs`);
}
