import { strict as assert } from 'node:assert';

/** Every id the service makes, whatever it names. */
const ID = /\b[a-z]{3}_[0-9a-f]{32}\b/g;

/** Knows whose each id and marker is, and looks for strangers in whatever a key is told. */
export interface Isolation {
  /** A text that only this key's requests hold, such as its secret or the word in all of its labels. */
  own(owner: string, text: string): void;
  /**
   * Ids that come for the first time are the receiver's from then on: should they be another's, that one's next answer
   * tells. Where a request names something of another key, the answer may name it back.
   * @throws AssertionError when the answer holds what is another's
   */
  check(receiver: string, answer: string, request: string): void;
}

export function createIsolation(): Isolation {
  const ownerOf = new Map<string, string>();
  const words: { owner: string; text: string }[] = [];

  return {
    own(owner, text) {
      ownerOf.set(text, owner);
      words.push({ owner, text });
    },
    check(receiver, answer, request) {
      for (const { owner, text } of words) {
        const leaks = owner !== receiver && answer.includes(text) && !request.includes(text);
        assert(!leaks, `${receiver} was told ${text} of ${owner}: ${answer}`);
      }
      for (const [id] of answer.matchAll(ID)) {
        if (request.includes(id)) continue;
        const owner = ownerOf.get(id) ?? receiver;
        assert.equal(owner, receiver, `${receiver} was told ${id}: ${answer}`);
        ownerOf.set(id, owner);
      }
    },
  };
}
