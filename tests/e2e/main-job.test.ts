import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync, crc32 } from 'node:zlib';
import type { Job, Problem, RecognizeResult, TrainResult, VerifyResult } from '@facehash/contracts';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { startService, type Caller, type Service } from './start-service.js';

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan'];
const STRANGER = 100;

let service: Service;
let caller: Caller;

beforeAll(async () => {
  service = await startService({ workers: 2 });
  caller = await service.newKey();
}, 60_000);

afterAll(() => service.stop());

const portraits = (person: number, from: number, count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => drawPortrait(drawPerson(person), from + at)));

/** Photos go after their jobs have ended, so a moment later. */
async function expectNoUploads(): Promise<void> {
  for (let attempt = 0; attempt < 50 && (await listed('uploads/')).length > 0; attempt++) await sleep(100);
  expect(await listed('uploads/')).toEqual([]);
}

async function listed(prefix: string): Promise<string[]> {
  const keys = [];
  for await (const key of service.storage.list(prefix)) keys.push(key);
  return keys;
}

async function recognized(image: Uint8Array, fields = {}): Promise<RecognizeResult> {
  const job = await caller.ended(await caller.recognize(image, fields));
  expect(job.status).toBe('succeeded');
  return job.result as RecognizeResult;
}

describe('the main job', () => {
  it('refuses to recognise before anybody is enrolled', async () => {
    const response = await caller.recognize(await drawPortrait(drawPerson(1), 0));
    expect([response.status, ((await response.json()) as Problem).code]).toEqual([409, 'MODEL_NOT_TRAINED']);
  });

  it('enrols people one after the other', async () => {
    for (const [at, name] of NAMES.entries()) {
      const job = await caller.ended(await caller.train(name, await portraits(at + 1, 0, 8)));
      expect(job).toMatchObject({ status: 'succeeded', error: null });
      expect((job.result as TrainResult).model.labels).toBe(at + 1);
      expect((job.result as TrainResult).photos).toMatchObject({ accepted: 8, refused: [] });
    }
  }, 120_000);

  it('names unseen photos of the enrolled', async () => {
    for (const [at, name] of NAMES.entries()) {
      for (const photo of await portraits(at + 1, 100, 3)) {
        expect((await recognized(photo)).faces.map((face) => face.label)).toEqual([name]);
      }
    }
  }, 60_000);

  it('calls a stranger unknown', async () => {
    const labels = [];
    for (const photo of await portraits(STRANGER, 0, 3))
      labels.push(...(await recognized(photo)).faces.map((face) => face.label));
    expect(labels).toEqual([null, null, null]);
  });

  it('finds everybody in a group', async () => {
    const { faces } = await recognized(await drawGroup([1, 2, 3].map(drawPerson), 7), { max_faces: '10' });
    expect(faces).toHaveLength(3);
  });

  it('answers an empty list for a picture without a face', async () => {
    expect((await recognized(await drawScene(1))).faces).toEqual([]);
  });

  it('tells two images of one person from images of two, and somebody enrolled from somebody else', async () => {
    const [ada, again] = await portraits(1, 100, 2);
    const [ben] = await portraits(2, 100, 1);
    const verified = async (...fields: [string, Buffer | string][]): Promise<VerifyResult> => {
      const body = new FormData();
      for (const [name, value] of fields) {
        if (typeof value === 'string') body.set(name, value);
        else body.set(name, new Blob([new Uint8Array(value)]), `${name}.jpg`);
      }
      const init = { method: 'POST', headers: { prefer: 'wait=30' }, body };
      const job = await caller.ended(await caller.request('/v1/verify', init));
      expect(job).toMatchObject({ status: 'succeeded', type: 'verify' });
      return job.result as VerifyResult;
    };
    expect(await verified(['image', ada!], ['reference', again!])).toMatchObject({
      match: true,
      label: null,
    });
    // Drawn people resemble each other as real ones do not; see the worker's own test.
    const two = await verified(['image', ada!], ['reference', ben!], ['threshold', '40']);
    expect(two).toMatchObject({ match: false });
    expect(await verified(['image', ada!], ['label', 'Ada'])).toMatchObject({ match: true, label: 'Ada' });
    expect(await verified(['image', ada!], ['label', 'Ben'])).toMatchObject({ match: false, label: 'Ben' });
    const { faces } = await recognized(ada!, { claimed_label: 'Ben' });
    expect(faces).toMatchObject([{ label: 'Ada', claimed: { label: 'Ben', match: false } }]);
  });

  it('leaves no upload behind', async () => {
    await expectNoUploads();
  });

  it('keeps keys apart', async () => {
    const other = await service.newKey();
    const job = await caller.ended(await caller.recognize(await drawPortrait(drawPerson(1), 300)));
    expect((await other.request(`/v1/jobs/${job.id}`)).status).toBe(404);
    expect((await other.recognize(await drawPortrait(drawPerson(1), 300))).status).toBe(409);
  });
});

describe('bad input', () => {
  const codes = async (image: Uint8Array): Promise<string | undefined> => {
    const response = await caller.recognize(image);
    const body: unknown = await response.json();
    return response.ok ? (body as Job).error?.code : (body as Problem).code;
  };

  it('gets a code of its own each time and costs no worker', async () => {
    const photo = await drawPortrait(drawPerson(1), 0);
    expect(await codes(Buffer.from('just some text, no picture at all'))).toBe('IMAGE_TYPE_UNSUPPORTED');
    expect(await codes(Buffer.alloc(0))).toBe('IMAGE_EMPTY');
    expect(await codes(photo.subarray(0, photo.length >> 1))).toBe('IMAGE_UNREADABLE');
    const bomb = pngOf(12_000, 12_000);
    expect(bomb.length).toBeLessThan(500_000);
    expect(await codes(bomb)).toBe('IMAGE_TOO_MANY_PIXELS');
    expect(service.workers.map((worker) => worker.exitCode)).toEqual([null, null]);
  });

  it('in a training is refused photo by photo, with reasons', async () => {
    const photos = [await drawScene(3), Buffer.from('text text text text'), ...(await portraits(1, 0, 3))];
    const fresh = await service.newKey();
    const job = await fresh.ended(await fresh.train('Ada', photos));
    expect(job).toMatchObject({ status: 'succeeded', error: null });
    const { accepted, refused } = (job.result as TrainResult).photos;
    expect(accepted).toBe(3);
    expect(refused.map(({ file_name, reason }) => [file_name, reason])).toEqual([
      ['Ada-0.jpg', 'NO_FACE'],
      ['Ada-1.jpg', 'UNREADABLE'],
    ]);
  });
});

describe('a worker killed in the middle of a training', () => {
  it('is replaced by another, and nothing is done twice that a caller could see', async () => {
    const fresh = await service.newKey();
    const photos = await portraits(5, 0, 100);
    const accepted = await fresh.train('Eve', photos);
    const id = ((await accepted.clone().json()) as Job).id;

    const again = await fresh.train('Eve', photos.slice(0, 1));
    expect([again.status, ((await again.json()) as Problem).code]).toEqual([409, 'TRAINING_IN_PROGRESS']);
    expect(again.headers.get('retry-after')).toMatch(/^\d+$/);

    while ((await progress(fresh, id)) < 10) await sleep(50);
    const [victim, survivor] = service.workers;
    victim!.kill('SIGKILL');
    survivor!.kill('SIGKILL');
    await Promise.all([once(victim!, 'exit'), once(survivor!, 'exit')]);
    await service.addWorker();

    const job = await fresh.ended(accepted);
    expect(job).toMatchObject({ id, status: 'succeeded', error: null });
    expect((job.result as TrainResult).photos).toMatchObject({ accepted: 100, refused: [] });
    expect((job.result as TrainResult).model).toMatchObject({ labels: 1, photos: 100 });
    expect(await listed(`tenants/${fresh.keyId}/photos/`)).toHaveLength(100);
    await expectNoUploads();
  }, 120_000);

  async function progress(fresh: Caller, id: string): Promise<number> {
    return ((await (await fresh.request(`/v1/jobs/${id}`)).json()) as Job).progress.percent;
  }
});

/** A tiny file that unfolds to many pixels: one grey value, 8 bit. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc((width + 1) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
