import type { Job, JobStatus, JobType } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createPagedList } from './paged-list.js';
import type { JobRecord } from './record-fields.js';
import { redisKeys } from './redis-keys.js';

export interface ListQuery {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly after?: string | undefined;
  readonly status?: JobStatus | undefined;
  readonly type?: JobType | undefined;
}

export interface JobPage {
  /** Newest first. */
  readonly jobs: Job[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

export function createListing(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): (keyId: string, query: ListQuery) => Promise<JobPage> {
  const keys = redisKeys(o.prefix);
  const list = createPagedList<JobRecord>({
    redis: o.redis,
    listOf: keys.jobsOf,
    records: keys.record(''),
    read: o.read,
    positionOf: ({ job }) => ({ createdAt: Date.parse(job.created_at), id: job.id }),
  });

  return async (keyId, { limit, after, status, type }) => {
    // Reading settles a job that nobody else would end, so its status may be another one by now.
    const matches = (record: JobRecord): boolean =>
      record.keyId === keyId &&
      (status === undefined || record.job.status === status) &&
      (type === undefined || record.job.type === type);
    const page = await list(keyId, { limit, after, fields: { status, type }, matches });
    return { jobs: page.items.map(({ job }) => job), nextCursor: page.nextCursor };
  };
}
