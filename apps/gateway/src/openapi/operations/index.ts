import type { Operation } from '../operation.js';
import { auditOperations } from './audit.js';
import { jobOperations } from './jobs.js';
import { keyOperations } from './keys.js';
import { modelOperations } from './model.js';
import { policyOperations } from './policy.js';
import { recognitionOperations } from './recognition.js';
import { serviceOperations } from './service.js';
import { subjectOperations } from './subjects.js';
import { trainingOperations } from './training.js';
import { webhookOperations } from './webhooks.js';

/** Every call of the API. A route without an operation here, or an operation without a route, fails a test. */
export const OPERATIONS: readonly Operation[] = [
  ...recognitionOperations,
  ...trainingOperations,
  ...jobOperations,
  ...subjectOperations,
  ...modelOperations,
  ...webhookOperations,
  ...policyOperations,
  ...auditOperations,
  ...keyOperations,
  ...serviceOperations,
];
