export interface ShortCacheOptions {
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly now?: () => number;
}

/**
 * Remembers what `load` answered for at most `ttlMs`, the least recently asked forgotten first. Callers who ask for the
 * same thing at the same time share one `load`; failures are not remembered.
 */
export function shortCache<T>(
  load: (name: string) => Promise<T>,
  { ttlMs, maxEntries, now = Date.now }: ShortCacheOptions,
): (name: string) => Promise<T> {
  const entries = new Map<string, { readonly expires: number; readonly value: Promise<T> }>();

  return (name) => {
    const known = entries.get(name);
    entries.delete(name);
    const entry =
      known !== undefined && known.expires > now() ? known : { expires: now() + ttlMs, value: load(name) };
    // A Map keeps the order of insertion: the last asked goes to the end, the first is the one to forget.
    entries.set(name, entry);
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value ?? name);
    entry.value.catch(() => {
      if (entries.get(name) === entry) entries.delete(name);
    });
    return entry.value;
  };
}
