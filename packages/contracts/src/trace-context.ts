import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/**
 * W3C Trace Context, level 1: `version-traceid-parentid-flags`. Only the first four fields of a later version are looked
 * at, as the standard demands; ids of nothing but zeros and version ff are invalid.
 */
const TRACEPARENT =
  /^(?!ff)(?<version>[0-9a-f]{2})-(?<traceId>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;

const parse = (text: string) => {
  const fields = TRACEPARENT.exec(text)?.groups;
  if (fields === undefined || (fields.version === '00' && fields.more !== undefined)) return undefined;
  return { traceId: fields.traceId!, flags: fields.flags! };
};

export const traceparentSchema = z.string().refine((text) => parse(text) !== undefined, 'a W3C traceparent');

/**
 * What travels on with a request: the caller's trace id where `header` is valid, else a new one; in both cases with a
 * parent id of our own. Not the caller's flags beyond `sampled`: they are of a version we may not know.
 */
export function continueTrace(header: string | undefined): string {
  const caller = header === undefined ? undefined : parse(header.trim());
  const sampled = caller === undefined ? 0 : Number.parseInt(caller.flags, 16) & 1;
  const traceId = caller?.traceId ?? randomId(16);
  return `00-${traceId}-${randomId(8)}-0${sampled}`;
}

/** undefined where the text is no traceparent. */
export function traceIdOf(traceparent: string): string | undefined {
  return parse(traceparent)?.traceId;
}

/** Under these names in every line that gateway and worker log about a job, so that one search finds both. */
export function jobLogFields(job: {
  readonly jobId: string;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
}): { job_id: string; request_id: string; trace_id?: string } {
  const traceId = job.traceparent === undefined ? undefined : traceIdOf(job.traceparent);
  return {
    ...(traceId === undefined ? {} : { trace_id: traceId }),
    request_id: job.requestId,
    job_id: job.jobId,
  };
}

/** The first bit is set, so that it is never all zeros. */
function randomId(bytes: number): string {
  const id = randomBytes(bytes);
  id[0]! |= 0x80;
  return id.toString('hex');
}
