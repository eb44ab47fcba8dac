import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ProtocolReport } from '@facehash/evaluation';
import { drawPerson, drawPortrait } from '@facehash/testkit';

const MAIN = path.resolve(import.meta.dirname, '../evaluate.ts');
const PEOPLE = 4;
const PHOTOS = 4;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facehash-evaluate-'));
  for (let person = 1; person <= PEOPLE; person++) {
    const own = path.join(folder, 'people', `person ${person}`);
    await mkdir(own, { recursive: true });
    for (let photo = 0; photo < PHOTOS; photo++)
      await writeFile(path.join(own, `${photo}.jpg`), await drawPortrait(drawPerson(person), photo));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const evaluate = (people: string, out: string) =>
  promisify(execFile)(
    process.execPath,
    ['--conditions', 'source', '--import', 'tsx', MAIN, '--people', people, '--out', out, '--draws', '2'],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '6', OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING: '1' } },
  );

test('drawn people are told apart; the report holds figures and plots, and nobody', async () => {
  const out = path.join(folder, 'report');
  const { stdout } = await evaluate(path.join(folder, 'people'), out);
  expect(stdout).toContain('everybody enrolled (4)');
  expect(stdout).toContain('3 enrolled, 1 not');
  expect((await readdir(out)).sort()).toEqual(
    ['det', 'rules', 'scores']
      .flatMap((name) => [`${name}.png`, `${name}.svg`])
      .concat('report.json')
      .sort(),
  );
  const text = await readFile(path.join(out, 'report.json'), 'utf8');
  expect(text).not.toContain('person 1');
  const { protocols } = JSON.parse(text) as { protocols: ProtocolReport[] };
  expect(protocols.map(({ id, draws }) => [id, draws])).toEqual([
    ['closed', 2],
    ['open', 2],
  ]);
  expect(protocols[0]!.sets.ratios.rank1.mean).toBeGreaterThan(0.8);
});

test('a folder with too few people is refused in one line', async () => {
  const empty = path.join(folder, 'empty');
  await mkdir(empty);
  await expect(evaluate(empty, path.join(folder, 'none'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^facehash worker: an evaluation needs 4 people.*\n$/),
  });
});
