import type { ObjectStorage } from '@facehash/storage';

/** Where objects lie, sorted. */
export async function storedKeys(storage: ObjectStorage, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys.sort();
}
