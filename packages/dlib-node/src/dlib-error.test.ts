import { describe, expect, it } from '@jest/globals';
import { DlibError, settleNative } from './dlib-error.js';

const failWith = (cause: unknown) => settleNative(() => Promise.reject(cause as Error));
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('settleNative', () => {
  it('passes a result on', async () => {
    await expect(settleNative(() => Promise.resolve(7))).resolves.toBe(7);
  });

  it('turns a native error with a code into a DlibError and keeps it as the cause', async () => {
    const native = { message: 'the file is damaged', code: 'MODEL_UNREADABLE' };
    const error = await errorOf(failWith(native));
    expect(error).toBeInstanceOf(DlibError);
    expect(error).toMatchObject({ ...native, cause: native });
  });

  it('does not give a code to an error that has none', async () => {
    const error = await errorOf(failWith({ message: 'std::bad_alloc' }));
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(DlibError);
  });

  it("gives the error the caller's stack, headed by its own message", async () => {
    const error = await errorOf(failWith({ message: 'the file is damaged', code: 'MODEL_UNREADABLE' }));
    expect(error?.stack).toMatch(/^DlibError: the file is damaged\n/);
    expect(error?.stack).toContain('dlib-error.test');
  });
});
