import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawGroup, drawPerson, drawPortrait } from '@facehash/testkit';

export interface Cast {
  readonly people: readonly {
    readonly name: string;
    readonly folder: string;
    readonly unseen: readonly string[];
  }[];
  /** Nobody has enrolled this person. */
  readonly stranger: readonly string[];
  readonly group: { readonly photo: string; readonly names: readonly string[] };
}

const NAMES = ['Ada', 'Bruno', 'Chika', 'Dilan', 'Elena', 'Farid'];
const ENROLLED_PHOTOS = 12;
const UNSEEN_PHOTOS = 5;
const STRANGER_SEED = 100;
const GROUP_SIZE = 3;

/** Files of everybody's photos: some to enrol, others to be recognised. The same pictures every time. */
export async function drawPhotos(folder: string): Promise<Cast> {
  await rm(folder, { recursive: true, force: true });
  const people = [];
  for (const [at, name] of NAMES.entries()) {
    const enrolled = path.join(folder, 'enrol', name);
    await portraits(at + 1, 0, ENROLLED_PHOTOS, enrolled, name);
    const unseen = await portraits(at + 1, ENROLLED_PHOTOS, UNSEEN_PHOTOS, path.join(folder, 'unseen'), name);
    people.push({ name, folder: enrolled, unseen });
  }
  const stranger = await portraits(STRANGER_SEED, 0, UNSEEN_PHOTOS, path.join(folder, 'unseen'), 'stranger');

  const photo = path.join(folder, 'group.jpg');
  const members = NAMES.slice(0, GROUP_SIZE);
  await writeFile(
    photo,
    await drawGroup(
      members.map((_, at) => drawPerson(at + 1)),
      1,
    ),
  );
  return { people, stranger, group: { photo, names: members } };
}

async function portraits(
  seed: number,
  first: number,
  count: number,
  folder: string,
  name: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const person = drawPerson(seed);
  const files: string[] = [];
  for (let photo = first; photo < first + count; photo++) {
    const file = path.join(folder, `${name}-${photo + 1}.jpg`);
    await writeFile(file, await drawPortrait(person, photo));
    files.push(file);
  }
  return files;
}
