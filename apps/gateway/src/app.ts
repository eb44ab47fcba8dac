import type { Retention } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';
import { apiKeys, keyErasures, type ObjectStorage } from '@facehash/storage';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { createAdmit } from './admission/admit.js';
import { limitRates } from './admission/limited-authentication.js';
import type { RateLimits } from './admission/rate-limits.js';
import { createAdminAuthenticator } from './authentication/authenticate-admin.js';
import { createAuthenticator } from './authentication/authenticate.js';
import type { GatewayLimits } from './config.js';
import { measureGateway } from './metrics/measure-gateway.js';
import { errorHandler } from './middleware/error-handler.js';
import { requestLog } from './middleware/request-log.js';
import { requireHost } from './middleware/require-host.js';
import { unreadBody } from './middleware/unread-body.js';
import { documentationRoutes } from './routes/documentation.js';
import { auditRoutes } from './routes/audit.js';
import { detectRoutes } from './routes/detect.js';
import { healthRoutes } from './routes/health.js';
import { jobEventRoutes } from './routes/job-events.js';
import { jobListRoutes } from './routes/job-list.js';
import { jobRoutes } from './routes/jobs.js';
import { keyErasureRoutes } from './routes/key-erasure.js';
import { keyRoutes } from './routes/keys.js';
import { modelDownloadRoutes } from './routes/model-download.js';
import { modelImportRoutes } from './routes/model-import.js';
import { modelReportRoutes } from './routes/model-report.js';
import { modelRoutes } from './routes/model.js';
import { notFound } from './routes/not-found.js';
import { photoRoutes } from './routes/photos.js';
import { policyRoutes } from './routes/policy.js';
import { recognizeRoutes } from './routes/recognize.js';
import { subjectRoutes } from './routes/subjects.js';
import { trainRoutes } from './routes/train.js';
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.js';
import { webhookSecretRoutes } from './routes/webhook-secret.js';
import { webhookRoutes } from './routes/webhooks.js';
import { verifyRoutes } from './routes/verify.js';
import { endWaits } from './stopping/end-waits.js';
import type { Stopping } from './stopping/stopping.js';
import type { AssertWebhookAddress } from './webhooks/addresses.js';
import { guardJobWebhooks } from './webhooks/guard-job-webhooks.js';

export interface AppDependencies {
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** SHA-256 of the admin token; undefined = nobody may manage keys over HTTP. */
  readonly findAdminTokenHash: () => Promise<string | undefined>;
  readonly assertWebhookAddress: AssertWebhookAddress;
  readonly limits: GatewayLimits;
  readonly rates: RateLimits;
  /** How many proxies tell the address of a caller in X-Forwarded-For. */
  readonly trustedProxies: number;
  /** What is kept how long under keys that say nothing else. */
  readonly retention: Retention;
  /** Where the operator has published a policy. */
  readonly policyUrl?: string | undefined;
  readonly stopping: Stopping;
}

/** The site map. Opens nothing and listens nowhere; the caller owns storage and jobs. */
export function createApp({
  metrics,
  logger,
  findAdminTokenHash,
  assertWebhookAddress,
  limits,
  rates,
  trustedProxies,
  retention,
  policyUrl,
  stopping,
  ...services
}: AppDependencies): Express {
  const { storage, jobs, measureRequests } = measureGateway(metrics, {
    ...services,
    jobs: endWaits(guardJobWebhooks(services.jobs, assertWebhookAddress), stopping.waitsEnd),
  });
  const keys = apiKeys(storage);
  const authenticate = limitRates(createAuthenticator(keys, retention), rates);
  const admit = createAdmit({ jobs, limits });
  const authenticateAdmin = createAdminAuthenticator({ findTokenHash: findAdminTokenHash, authenticate });
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies);

  app.use(requestLog(logger));
  app.use(measureRequests);
  app.use(helmet());
  app.use(unreadBody());
  app.use(requireHost);

  app.use(healthRoutes({ storage, jobs, stopping }));
  app.use(documentationRoutes());
  app.use(recognizeRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(detectRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(verifyRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(trainRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(jobListRoutes({ authenticate, jobs }));
  app.use(subjectRoutes({ authenticate, storage, jobs, admit }));
  app.use(photoRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(modelRoutes({ authenticate, storage, jobs }));
  app.use(modelReportRoutes({ authenticate, storage }));
  app.use(modelDownloadRoutes({ authenticate, storage }));
  app.use(modelImportRoutes({ authenticate, storage, jobs, admit, limits }));
  app.use(jobRoutes({ authenticate, storage, jobs }));
  app.use(jobEventRoutes({ authenticate, jobs }));
  app.use(webhookSecretRoutes({ authenticate, storage }));
  app.use(webhookDeliveryRoutes({ authenticate, jobs }));
  app.use(webhookRoutes({ authenticate, storage, jobs, assertAddress: assertWebhookAddress }));
  app.use(auditRoutes({ authenticate, storage }));
  app.use(policyRoutes({ authenticate, retention, policyUrl }));
  app.use(keyRoutes({ authenticateAdmin, keys }));
  app.use(keyErasureRoutes({ authenticateAdmin, keys, erasures: keyErasures(storage), jobs }));

  app.use(notFound);
  app.use(errorHandler);
  return app;
}
