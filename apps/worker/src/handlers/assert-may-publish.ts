import { AppError } from '@facehash/contracts';
import type { JobContext } from '@facehash/jobs';

/** A worker frozen for so long that its job was given up: by now another training may have published. */
export async function assertMayPublish(context: JobContext): Promise<void> {
  if (await context.mayPublish()) return;
  throw new AppError('JOB_LOST', 'The job lost its turn before its model was published; send it again.');
}
