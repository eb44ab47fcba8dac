import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createClient, type Client, type Job } from '@facehash/client';
import { documentedFetch, drawPerson, drawPortrait } from '@facehash/testkit';
import { FACEHASH_ARGS } from './facehash-args.js';
import { startService, type Caller, type Service } from './start-service.js';

const REPO = path.resolve(import.meta.dirname, '../..');
const NAMES = ['Ada', 'Ben', 'Cleo'];

let service: Service;
let caller: Caller;
let client: Client;
let folder: string;

beforeAll(async () => {
  service = await startService();
  caller = await service.newKey();
  client = createClient({ url: service.url, key: caller.secret, fetch: documentedFetch });
  folder = await mkdtemp(path.join(tmpdir(), 'facehash-cli-e2e-'));
  for (const [at, name] of NAMES.entries()) {
    await mkdir(path.join(folder, 'people', name), { recursive: true });
    for (let photo = 0; photo < 4; photo++) {
      await writeFile(
        path.join(folder, 'people', name, `${photo}.jpg`),
        await drawPortrait(drawPerson(at + 1), photo),
      );
    }
    await writeFile(path.join(folder, `${name}.jpg`), await drawPortrait(drawPerson(at + 1), 50));
  }
  await writeFile(path.join(folder, 'people', 'Ben', 'text.jpg'), 'no picture at all');
}, 120_000);

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

/** What the command prints; it must succeed. */
async function facehash(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, FACEHASH_URL: service.url, FACEHASH_KEY: caller.secret };
  const { stdout } = await promisify(execFile)(process.execPath, [...FACEHASH_ARGS, ...args], {
    cwd: REPO,
    env,
  });
  return stdout;
}

const at = (name: string): string => path.join(folder, name);

/** As many as are kept of everybody. */
async function photosKept(): Promise<Record<string, number>> {
  const kept: Record<string, number> = {};
  for await (const { label, photos } of client.subjects.list()) kept[label] = photos;
  return kept;
}

describe('facehash', () => {
  it('enrols everybody in a folder, and trains once', async () => {
    const printed = await facehash('enrol', at('people'));
    expect(printed).toContain('Ada: 4 photo(s) added, 0 refused');
    expect(printed).toMatch(/Ben: 4 photo\(s\) added, 1 refused\n {2}text\.jpg: UNREADABLE/);
    expect(printed).toContain('the model knows 3 person(s) from 12 photos');
    expect(await photosKept()).toEqual({ Ada: 4, Ben: 4, Cleo: 4 });
  }, 60_000);

  it('adds nothing twice when the same is enrolled again, from an archive as well', async () => {
    await promisify(execFile)('tar', ['-czf', at('people.tgz'), '--sort=name', '-C', folder, 'people']);
    const printed = await facehash('enrol', at('people.tgz'));
    expect(printed).toContain('Ada: 0 photo(s) added, 4 already there, 0 refused');
    expect(await photosKept()).toEqual({ Ada: 4, Ben: 4, Cleo: 4 });
  }, 60_000);

  it('names, verifies and finds faces', async () => {
    expect(await facehash('recognize', at('Ada.jpg'), at('Cleo.jpg'))).toMatch(
      /Ada\.jpg +│ Ada .*Cleo\.jpg +│ Cleo /s,
    );
    expect(await facehash('verify', at('Ada.jpg'), '--label', 'Ada')).toMatch(/^the same person: score/);
    // Drawn people resemble each other as real ones do not.
    const two = await facehash('verify', at('Ada.jpg'), at('Ben.jpg'), '--threshold', '40');
    expect(two).toMatch(/^not the same person: score/);
    expect(await facehash('detect', at('Ada.jpg'))).toMatch(/Ada\.jpg +│ \d+/);
  }, 60_000);

  it('shows and changes who is enrolled', async () => {
    expect(await facehash('subjects', 'rename', 'Ben', 'Benedict')).toBe('Ben is Benedict from now on.\n');
    expect(await facehash('subjects', 'show', 'Benedict')).toMatch(/^Benedict \(sub_\w+\): 4 photo\(s\)/);
    expect(await facehash('subjects', 'delete', 'Benedict')).toMatch(
      /^Benedict is deleted: 1 subjects, 4 photos/,
    );
    expect(await facehash('subjects', 'list')).toMatch(/Ada +│ 4 /);
    expect(await photosKept()).toEqual({ Ada: 4, Cleo: 4 });
    expect(await facehash('model')).toMatch(/^mdl_\w+, trained 20.*Ada +│ 4 /s);
    expect(await facehash('retrain')).toContain('the model knows 2 person(s) from 8 photos');
  }, 60_000);

  it('takes the model home, and brings it back as one trained elsewhere', async () => {
    const file = at('model.keras');
    expect(await facehash('model', 'download', '--out', file)).toBe(`${file}\n`);
    const h5 = await client.models.download('current', { format: 'h5' });
    expect(h5.name).toMatch(/^mdl_\w+\.h5$/);
    const labels = JSON.stringify((await client.model()).labels.map(({ label }) => label));
    const printed = await facehash('model', 'import', file, '--labels', labels, '--threshold', '-5.5');
    expect(printed).toMatch(
      /^mdl_\w+ is in force: 2 label\(s\) on \w+, threshold -5\.5 \(calibrated\); 0 person/,
    );
    expect(await client.model()).toMatchObject({ origin: 'imported', fit: null });
    expect(await facehash('recognize', at('Ada.jpg'))).toMatch(/Ada\.jpg +│ Ada /);
  }, 60_000);

  it('shows jobs', async () => {
    const [line] = (await facehash('jobs', 'list', '--type', 'train', '--limit', '1', '--json')).split('\n');
    const job = JSON.parse(line!) as Job;
    expect(JSON.parse(await facehash('jobs', 'show', job.id))).toEqual(job);
    expect(await facehash('jobs', 'cancel', job.id)).toBe(`${job.id} is succeeded.\n`);
    const events = [];
    for await (const event of client.job(job.id).events()) events.push(event);
    expect(events).toEqual([{ type: 'end', job }]);
  }, 60_000);
});
