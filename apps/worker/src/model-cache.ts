import type { ModelCard } from '@facehash/contracts';
import type { KeyModel } from '@facehash/keras-models';

export interface LoadedModel {
  readonly card: ModelCard;
  readonly model: KeyModel;
}

export interface ModelCache {
  /**
   * Runs `task` with the model, loaded before or now; the model stays alive until `task` has ended.
   * Two tasks that want the same model at once load it once. A load that failed is tried again by the next task.
   */
  use<T>(keyId: string, version: string, task: (loaded: LoadedModel) => Promise<T>): Promise<T>;
  /** Lets go of a key's models, as somebody they know was deleted; those in use go when their tasks end. */
  forget(keyId: string): void;
  /** Loaded, or being loaded. */
  has(keyId: string, version: string): boolean;
  size(): number;
  /** As `forget` for every key; what is asked for afterwards is loaded anew. */
  forgetAll(): void;
}

interface Entry {
  readonly loading: Promise<LoadedModel>;
  users: number;
  evicted: boolean;
}

/** The models used last, by key and version. Versions never change, so nothing has to be looked up again. */
export function createModelCache(options: {
  readonly load: (keyId: string, version: string) => Promise<LoadedModel>;
  readonly maxModels: number;
}): ModelCache {
  // A Map keeps insertion order; every use re-inserts, so the first entry is the one used longest ago.
  const entries = new Map<string, Entry>();

  function open(keyId: string, version: string): Entry {
    const id = `${keyId}:${version}`;
    if (!entries.has(id)) evictVersionsOf(keyId);
    const entry = entries.get(id) ?? { loading: options.load(keyId, version), users: 0, evicted: false };
    entries.delete(id);
    entries.set(id, entry);
    return entry;
  }

  /** A version that another one has replaced is not asked for again, and may know somebody who was deleted. */
  function evictVersionsOf(keyId: string): void {
    for (const [id, entry] of entries) if (id.startsWith(`${keyId}:`)) evict(id, entry);
  }

  function evict(id: string, entry: Entry): void {
    // After a failed load a later task may already have put a new entry here.
    if (entries.get(id) === entry) entries.delete(id);
    entry.evicted = true;
    disposeUnused(entry);
  }

  function shrinkTo(maxModels: number): void {
    for (const [id, entry] of entries) {
      if (entries.size <= maxModels) return;
      evict(id, entry);
    }
  }

  return {
    async use(keyId, version, task) {
      const entry = open(keyId, version);
      entry.users++;
      try {
        shrinkTo(options.maxModels);
        const loaded = await entry.loading.catch((error: unknown) => {
          evict(`${keyId}:${version}`, entry);
          throw error;
        });
        return await task(loaded);
      } finally {
        entry.users--;
        disposeUnused(entry);
      }
    },
    has: (keyId, version) => entries.has(`${keyId}:${version}`),
    size: () => entries.size,
    forget: evictVersionsOf,
    forgetAll: () => {
      shrinkTo(0);
    },
  };
}

/** Tensors are not garbage collected; disposing of a model that still scores would end that task with an error. */
function disposeUnused(entry: Entry): void {
  if (!entry.evicted || entry.users > 0) return;
  entry.loading.then(
    ({ model }) => {
      model.dispose();
    },
    () => undefined, // it never loaded, and whoever asked for it was told
  );
}
