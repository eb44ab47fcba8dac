import {
  announceProcess,
  connectRedis,
  createHousekeeping,
  onModelsGone,
  requireRedis,
  startChores,
  startConsumer,
} from '@facehash/jobs';
import { createMetrics, missingParts, serveMetrics } from '@facehash/metrics';
import { selectBackend } from '@facehash/keras-models';
import { measureStorage, openStorage } from '@facehash/storage';
import { createFaceAnalyzer, EXTRACTOR_VERSION, openEngines } from '@facehash/vision';
import { IMAGE_LIMITS } from '@facehash/contracts';
import { shippedBackgrounds } from './backgrounds.js';
import { chooseEngine } from './choose-engine.js';
import { readConfig } from './config.js';
import { createHandlers } from './handlers/index.js';
import { createLogger } from './logger.js';
import { loadStoredModel } from './load-stored-model.js';
import { measureEngine } from './metrics/measure-engine.js';
import { measureFaces } from './metrics/measure-faces.js';
import { measureJobs } from './metrics/measure-jobs.js';
import { measureModelCache } from './metrics/measure-model-cache.js';
import { measureStages } from './metrics/measure-stages.js';
import { createModelCache } from './model-cache.js';
import { onStop } from './start/on-stop.js';
import { requireFiles } from './start/require-files.js';
import { run } from './start/run.js';
import { eraseKey } from './sweep/erase-key.js';
import { sweep, SWEEP_EVERY_MS } from './sweep/sweep.js';

run(async () => {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);

  const metrics = createMetrics();
  const storage = measureStorage(
    metrics,
    await openStorage(config.storageUrl, { waitMs: config.startWaitMs }),
  );
  await storage.check();

  const redis = connectRedis(config.redisUrl, 'worker', logger);
  await requireRedis(redis, logger, config.startWaitMs);

  await requireFiles([
    { what: 'The landmark model', path: config.landmarkModelPath, setting: 'FACEHASH_LANDMARK_MODEL' },
    { what: 'The folder of Haar cascades', path: config.cascadesDir, setting: 'FACEHASH_CASCADES_DIR' },
  ]);
  const stages = measureStages(metrics);
  const faces = measureFaces(metrics);

  const backend = await selectBackend(config.backend);
  const engine = await chooseEngine(
    { wanted: config.engine, backend, slots: config.concurrency },
    openEngines,
  );
  const analyzer = await createFaceAnalyzer({
    engines: engine.engines,
    cascadesDir: config.cascadesDir,
    landmarkModelPath: config.landmarkModelPath,
    slots: config.concurrency,
    maxPixels: IMAGE_LIMITS.maxPixels,
  });
  measureEngine(metrics, {
    engine: engine.engines[0]!.name,
    backend: backend.name,
    device: backend.gpu ? 'gpu' : 'cpu',
  });

  const backgrounds = await shippedBackgrounds();
  const modelCache = measureModelCache(
    metrics,
    createModelCache({ load: loadStoredModel(storage), maxModels: config.cachedModels }),
  );

  const modelsGone = onModelsGone({ redis, ...modelCache });
  const housekeeping = createHousekeeping({ redis });

  const created = createHandlers({
    ...{ storage, analyzer: faces.analyzer(stages.analyzer(analyzer)), backgrounds, modelCache, logger },
    tellModelsGone: (keyId) => housekeeping.tellModelsGone(keyId),
  });
  const handlers = faces.handlers(stages.handlers(created));
  const observer = measureJobs(metrics);
  // Before the first job is taken: a port that is taken must not end a worker in the middle of one.
  const metricsServer =
    config.metrics === undefined
      ? undefined
      : await serveMetrics(metrics, config.metrics, () =>
          missingParts({ redis: redis.ping(), storage: storage.check() }),
        );
  const consumer = await startConsumer({
    redis,
    handlers,
    concurrency: config.concurrency,
    logger,
    observer,
  });
  const chores = await startChores({
    redis,
    chores: {
      sweep: () => sweep({ storage, housekeeping, logger, installation: config.retention }),
      eraseKey: (keyId) => eraseKey({ storage, housekeeping }, keyId),
    },
    everyMs: SWEEP_EVERY_MS,
    logger,
  });
  logger.info(
    {
      storage: storage.description,
      vision: analyzer.description,
      engine: engine.reason,
      backend: `${backend.name}: ${backend.reason}`,
      backgrounds: Object.values(backgrounds).map(({ id, origin }) => `${id}: ${origin}`),
      concurrency: config.concurrency,
      metrics: metricsServer?.url,
    },
    'ready',
  );
  const presence = await announceProcess({
    ...{ redis, app: 'worker' },
    worker: {
      ...{ concurrency: config.concurrency, threads: config.threads, extractor: EXTRACTOR_VERSION },
      ...{ opencv: analyzer.description.opencv, decoder: analyzer.description.decoder },
      ...{ engine: analyzer.description.engine, backend: backend.name, device: backend.gpu ? 'gpu' : 'cpu' },
    },
  });
  process.send?.('ready');

  onStop(logger, async () => {
    await presence.close();
    await consumer.close();
    await chores.close();
    modelsGone.close();
    await metricsServer?.close();
    redis.disconnect();
    modelCache.forgetAll();
    analyzer.close();
    await storage.close();
  });
});
