/**
 * Two drawn people of a key, against a running service.
 *   ada.ts enrol URL ADMIN_TOKEN STATE    makes a key, enrols Ada and Ben, recognises Ada; STATE remembers the key
 *   ada.ts recognize URL STATE            recognises Ada with the key of STATE; nobody is enrolled
 * Ends with 1 and what came instead where Ada is not named.
 */
import { createClient, type Client } from '@facehash/client';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { readFile, writeFile } from 'node:fs/promises';

const portrait = (seed: number, photo: number): Promise<Buffer> => drawPortrait(drawPerson(seed), photo);
const ADA = 1;
const BEN = 2;

async function enrol(url: string, admin: string): Promise<string> {
  const { secret } = await createClient({ url, key: admin }).keys.create({ name: 'compose' });
  const client = createClient({ url, key: secret });
  for (const [label, seed] of [['Ada', ADA] as const, ['Ben', BEN] as const]) {
    const photos = await Promise.all([1, 2, 3, 4, 5].map((photo) => portrait(seed, photo)));
    await (await client.train(label, photos)).result();
  }
  return secret;
}

async function recognizeAda(client: Client): Promise<void> {
  const { faces } = await (await client.recognize(await portrait(ADA, 6))).result();
  if (faces[0]?.label !== 'Ada') throw new Error(`expected Ada; came ${JSON.stringify(faces)}`);
}

const [what, url = '', ...rest] = process.argv.slice(2);
if (what === 'enrol') {
  const [admin = '', state = ''] = rest;
  const key = await enrol(url, admin);
  await writeFile(state, key);
  await writeFile(`${state}.jpg`, await portrait(ADA, 6));
  await recognizeAda(createClient({ url, key }));
} else {
  await recognizeAda(createClient({ url, key: await readFile(rest[0] ?? '', 'utf8') }));
}
