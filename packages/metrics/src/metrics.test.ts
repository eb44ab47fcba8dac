import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './metrics.js';
import { missingParts } from './missing-parts.js';
import { serveMetrics } from './serve-metrics.js';

describe('createMetrics', () => {
  it('counts by labels, and by one where no amount is given', async () => {
    const metrics = createMetrics();
    const seen = metrics.counter({ name: 'facehash_seen_total', help: 'Seen.', labels: ['what'] });
    seen({ what: 'cats' });
    seen({ what: 'cats' }, 2);
    expect(await metrics.text()).toContain('facehash_seen_total{what="cats"} 3\n');
  });

  it('enters a value into every bucket it fits in', async () => {
    const metrics = createMetrics();
    const took = metrics.histogram({
      name: 'facehash_took_seconds',
      help: 'Took.',
      labels: [],
      buckets: [1, 2],
    });
    took({}, 1.5);
    const text = await metrics.text();
    expect(text).toContain('facehash_took_seconds_bucket{le="1"} 0\n');
    expect(text).toContain('facehash_took_seconds_bucket{le="2"} 1\n');
    expect(text).toContain('facehash_took_seconds_sum 1.5\n');
  });

  it('reads a gauge when it is asked, and forgets what is no longer read', async () => {
    const metrics = createMetrics();
    let queue = 'a';
    const read = () => [{ labels: { queue }, value: 7 }];
    metrics.gauge({ name: 'facehash_depth', help: 'Depth.', labels: ['queue'], read });
    expect(await metrics.text()).toContain('facehash_depth{queue="a"} 7\n');
    queue = 'b';
    const text = await metrics.text();
    expect(text).toContain('facehash_depth{queue="b"} 7\n');
    expect(text).not.toContain('queue="a"');
  });

  it('leaves a gauge out that cannot be read, and answers with the others', async () => {
    const metrics = createMetrics();
    const read = () => Promise.reject(new Error('Redis is away'));
    metrics.gauge({ name: 'facehash_depth', help: 'Depth.', labels: ['queue'], read });
    const text = await metrics.text();
    expect(text).not.toMatch(/^facehash_depth\{/m);
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('keeps two processes in one test apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.counter({ name: 'facehash_mine_total', help: 'Mine.', labels: [] })({});
    expect(await other.text()).not.toContain('facehash_mine_total');
  });
});

describe('serveMetrics', () => {
  it('answers /metrics in the text format, and nothing else', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'facehash_seen_total', help: 'Seen.', labels: [] })({});
    const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
    const scrape = await fetch(server.url);
    expect(scrape.status).toBe(200);
    expect(scrape.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await scrape.text()).toContain('# TYPE facehash_seen_total counter\n');
    expect((await fetch(new URL('/v1/jobs', server.url))).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
    await server.close();
  });

  it('is alive while a part is missing, and names what is missing', async () => {
    let redis: () => Promise<string> = () => new Promise(() => undefined);
    const missing = () =>
      missingParts({ redis: redis(), storage: Promise.reject(new Error('no such bucket')) });
    const server = await serveMetrics(createMetrics(), { host: '127.0.0.1', port: 0 }, missing);
    expect((await fetch(new URL('/healthz', server.url))).status).toBe(200);
    const away = await fetch(new URL('/readyz', server.url));
    expect(away.status).toBe(503);
    expect(await away.text()).toBe('redis: no answer within 2000 ms\nstorage: no such bucket\n');
    redis = () => Promise.resolve('PONG');
    expect(await (await fetch(new URL('/readyz', server.url))).text()).toBe('storage: no such bucket\n');
    await server.close();
    expect(await missingParts({ redis: redis() })).toEqual([]);
  });

  it('names the setting when its port is taken', async () => {
    const first = await serveMetrics(createMetrics(), { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(first.url).port);
    await expect(serveMetrics(createMetrics(), { host: '127.0.0.1', port })).rejects.toThrow(
      /EADDRINUSE.*FACEHASH_METRICS_PORT/,
    );
    await first.close();
  });
});
