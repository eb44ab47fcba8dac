import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, toProblem } from '@facehash/contracts';
import { answeringServer, CUT, job, problem, type AnsweringServer } from './testing/answering-server.js';

const queued = job();
const succeeded = job({ ...queued, status: 'succeeded', progress: { percent: 100, stage: 'done' } });

let server: AnsweringServer;

beforeEach(async () => {
  server = await answeringServer();
});
afterEach(() => {
  server.stop();
});

describe('a job', () => {
  it('is waited for by one long look after the other', async () => {
    server.answer({ body: queued }, { body: queued }, { body: succeeded });
    const handle = server.client.job(queued.id);
    expect(await handle.wait()).toEqual(succeeded);
    expect(handle.latest).toEqual(succeeded);
    expect(server.seen.map(({ headers }) => headers.prefer)).toEqual([undefined, 'wait=60', 'wait=60']);
  });

  it('that failed is no error to whoever waits for its end, but to whoever waits for its result', async () => {
    const error = toProblem(new AppError('NO_USABLE_PHOTOS', 'none'), 'req_2');
    server.answer({ body: job({ status: 'failed', error }) });
    const handle = server.client.job(queued.id);
    expect((await handle.wait()).error).toEqual(error);
    await expect(handle.result()).rejects.toMatchObject({ code: 'NO_USABLE_PHOTOS', requestId: 'req_2' });
  });

  it('is not waited for longer than the caller wants', async () => {
    server.answer({ body: queued }, { body: queued });
    const handle = server.client.job(queued.id);
    await expect(handle.wait({ timeoutS: 0.2 })).rejects.toMatchObject({ name: 'TimeoutError' });
    const reason = new Error('enough');
    await expect(handle.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is cancelled and deleted', async () => {
    server.answer({ body: { ...queued, status: 'canceled' } }, { status: 204, body: '' });
    const handle = server.client.job(queued.id);
    expect((await handle.cancel()).status).toBe('canceled');
    await handle.delete();
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${queued.urls.cancel}`,
      `DELETE ${queued.urls.self}`,
    ]);
  });
});

describe('the events of a job', () => {
  const progress = (percent: number) => ({ status: 'processing', progress: { percent, stage: 'fitting' } });
  const text = (id: string, event: string, data: unknown) =>
    `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

  it('go on after a break where they stopped', async () => {
    server.answer(
      { body: text('p-1', 'progress', progress(1)) },
      { body: CUT },
      { body: text('p-2', 'progress', progress(2)) + text('end', 'end', succeeded) },
    );
    const seen = [];
    for await (const event of server.client.job(queued.id).events()) seen.push(event);
    expect(seen).toEqual([
      { type: 'progress', ...progress(1) },
      { type: 'progress', ...progress(2) },
      { type: 'end', job: succeeded },
    ]);
    const ids = server.seen.map(({ headers }) => headers['last-event-id']);
    expect(ids).toEqual([undefined, 'p-1', 'p-1']);
  });

  it('of a job that is unknown are an error', async () => {
    server.answer(problem('NOT_FOUND'));
    const events = server.client.job(queued.id).events()[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
