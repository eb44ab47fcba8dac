import { readJson, type CallOptions, type Send } from './send.js';

interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/** The largest page there is: whoever wants all of a list wants few requests. */
export const MOST = { limit: '100' };

/** Everything in a list, a page at a time as it is read; the loop may be left at any time. */
export async function* pages<Item>(
  send: Send,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
  { signal }: CallOptions = {},
): AsyncGenerator<Item> {
  let after: string | null | undefined;
  do {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...query, after })) {
      if (value !== undefined && value !== null) search.set(name, value);
    }
    const page = await send({ path: `${path}?${search.toString()}`, signal }, readJson<Page<Item>>);
    yield* page.data;
    after = page.next_cursor;
  } while (after !== null);
}
