import { AppError, type JobFields } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { AssertWebhookAddress } from './addresses.js';

/** The same client, which accepts no job whose own webhook would never be reached; no route knows of it. */
export function guardJobWebhooks(jobs: JobClient, assertAddress: AssertWebhookAddress): JobClient {
  const check = async (fields: JobFields | undefined): Promise<void> => {
    if (fields?.webhook !== undefined) return assertAddress(fields.webhook);
    if (fields?.webhook_events === undefined) return;
    throw new AppError('INVALID_REQUEST', 'webhook_events: expected "webhook" with it; none came.');
  };
  return {
    ...jobs,
    async submit(name, payload, fields) {
      await check(fields);
      return jobs.submit(name, payload, fields);
    },
    async submitTraining(train, extracts, fields) {
      await check(fields);
      return jobs.submitTraining(train, extracts, fields);
    },
    async submitWaitingTraining(train, extracts, fields) {
      await check(fields);
      return jobs.submitWaitingTraining(train, extracts, fields);
    },
    async submitEnrolment(enrol, extracts, fields) {
      await check(fields);
      return jobs.submitEnrolment(enrol, extracts, fields);
    },
  };
}
