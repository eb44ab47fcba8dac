import { describe, expect, it } from '@jest/globals';
import { AppError, isAppError, toAppError, toProblem } from './index.js';

describe('AppError', () => {
  it('becomes a problem document with its code, status and request id', () => {
    const problem = toProblem(
      new AppError('NOT_FOUND', 'no such job', { details: { job: 'job_1' } }),
      'req_1',
    );
    expect(problem).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      detail: 'no such job',
      request_id: 'req_1',
      job: 'job_1',
    });
  });

  it('does not let details overwrite the code', () => {
    expect(toProblem(new AppError('NOT_FOUND', 'x', { details: { code: 'OTHER' } })).code).toBe('NOT_FOUND');
  });

  it('is recognised by shape, so that two copies of the package agree', () => {
    expect(isAppError({ name: 'AppError', code: 'NOT_FOUND' })).toBe(true);
    expect(isAppError(new Error('NOT_FOUND'))).toBe(false);
  });

  it('hides the text of an unexpected failure', () => {
    const error = toAppError(new Error('password=hunter2'));
    expect(error.code).toBe('INTERNAL');
    expect(JSON.stringify(toProblem(error))).not.toContain('hunter2');
  });
});
