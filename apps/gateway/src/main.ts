import { announceProcess, connectRedis, createJobClient, requireRedis } from '@facehash/jobs';
import { createMetrics, serveMetrics } from '@facehash/metrics';
import { adminTokens, openStorage } from '@facehash/storage';
import { lookup } from 'node:dns';
import { createRateLimits } from './admission/rate-limits.js';
import { createApp } from './app.js';
import { readConfig } from './config.js';
import { createLogger } from './logger.js';
import { collectBuffers } from './start/collect-buffers.js';
import { listen } from './start/listen.js';
import { mintAdminToken } from './start/mint-admin-token.js';
import { onStopSignal } from './start/on-stop-signal.js';
import { explain, run } from './start/run.js';
import { createAddressCheck } from './webhooks/addresses.js';
import { createStopping } from './stopping/stop-serving.js';
import { runWebhooks } from './webhooks/run-webhooks.js';

run(async () => {
  const config = readConfig();
  const logger = createLogger(config.logLevel);

  const storage = await explain(
    'FACEHASH_STORAGE_URL',
    openStorage(config.storageUrl, { waitMs: config.startWaitMs }),
  );

  const redis = connectRedis(config.redisUrl, 'gateway', logger);
  await requireRedis(redis, logger, config.startWaitMs);
  const jobs = createJobClient({ redis });

  const { adminTokenHash, limits, trustedProxies, retention, policyUrl } = config;
  const { stopping, stopServing } = createStopping();
  const rates = createRateLimits({ redis, logger, ...limits });
  const tokens = adminTokens(storage);
  const findAdminTokenHash = async () => adminTokenHash ?? (await tokens.findHash());
  const metrics = createMetrics();
  const { allowPrivate } = config.webhooks;
  const app = createApp({
    ...{ storage, jobs, logger, metrics, findAdminTokenHash },
    ...{ limits, rates, trustedProxies, stopping, retention, policyUrl },
    assertWebhookAddress: createAddressCheck({ allowPrivate, lookup }),
  });
  const metricsServer =
    config.metrics === undefined ? undefined : await serveMetrics(metrics, config.metrics);
  const { redisUrl } = config;
  const webhooks = await runWebhooks({ redisUrl, storage, jobs, metrics, logger, allowPrivate, lookup });
  const server = await listen(app, config);
  const at = { url: server.url, storage: storage.description, metrics: metricsServer?.url };
  logger.info(at, 'listening');
  const presence = await announceProcess({ redis, app: 'gateway' });

  if (adminTokenHash === undefined) {
    await mintAdminToken(tokens, (line) => process.stdout.write(`${line}\n`));
  }

  collectBuffers();

  onStopSignal(logger, async () => {
    await presence.close();
    await stopServing(server, config);
    await metricsServer?.close();
    await webhooks.close();
    await jobs.close();
    redis.disconnect();
    await storage.close();
  });
});
