import { drawPerson, drawPortrait, drawScene } from '@facehash/testkit';

/** People of a key. Another key's are other people, on pictures of another width. */
export const PEOPLE = 4;
/** Pictures of each person; any may be enrolled and any be recognised. */
export const VIEWS = 5;

export interface Pictures {
  readonly size: { readonly width: number; readonly height: number };
  portrait(person: number, view: number): Buffer;
  readonly nobody: Buffer;
  readonly text: Buffer;
}

/** Small, so that a job costs little; drawn once and kept. @param key 0, 1, … */
export async function drawPictures(key: number): Promise<Pictures> {
  const size = { width: 400 + 8 * key, height: 320 };
  const portraits = new Map<string, Buffer>();
  for (let person = 0; person < PEOPLE; person++) {
    const drawn = drawPerson(1 + key * PEOPLE + person);
    for (let view = 0; view < VIEWS; view++) {
      portraits.set(`${person} ${view}`, await drawPortrait(drawn, view, size));
    }
  }
  return {
    size,
    portrait: (person, view) => portraits.get(`${person} ${view}`)!,
    nobody: await drawScene(1 + key),
    text: Buffer.from('A text, and no picture at all.'),
  };
}
