import { describe, expect, it } from '@jest/globals';
import { continueTrace, jobLogFields, recognizePayloadSchema, traceIdOf } from './index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const WELL_FORMED = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/;

describe('continueTrace', () => {
  it("keeps the caller's trace and whether it is sampled, with a parent id of its own", () => {
    const ours = continueTrace(`00-${TRACE}-${PARENT}-01`);
    expect(ours).toMatch(WELL_FORMED);
    expect(ours).toMatch(new RegExp(`^00-${TRACE}-.*-01$`));
    expect(ours).not.toContain(PARENT);
  });

  it('begins a trace where none came', () => {
    const [one, other] = [continueTrace(undefined), continueTrace(undefined)];
    expect(one).toMatch(WELL_FORMED);
    expect(traceIdOf(one)).not.toBe(traceIdOf(other));
  });

  it('reads the first four fields of a later version', () => {
    expect(traceIdOf(continueTrace(`cc-${TRACE}-${PARENT}-09-what-comes-next`))).toBe(TRACE);
  });

  it.each([
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a fifth field in version 00', `00-${TRACE}-${PARENT}-01-more`],
    ['a short id', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['nothing', ''],
  ])('begins a new trace instead of keeping %s', (_what, header) => {
    const ours = continueTrace(header);
    expect(ours).toMatch(WELL_FORMED);
    expect(ours).not.toContain(TRACE);
  });
});

describe('A job payload', () => {
  const id = '0'.repeat(32);
  const old = { jobId: `job_${id}`, keyId: `key_${id}`, requestId: 'r', uploadKey: 'u', maxFaces: 1 };

  it('of a gateway that knows no traces is still read', () => {
    expect(jobLogFields(recognizePayloadSchema.parse(old))).toEqual({ request_id: 'r', job_id: old.jobId });
  });

  it('carries its trace', () => {
    const payload = recognizePayloadSchema.parse({ ...old, traceparent: `00-${TRACE}-${PARENT}-01` });
    expect(jobLogFields(payload)).toEqual({ trace_id: TRACE, request_id: 'r', job_id: old.jobId });
  });
});
