import { isAppError } from '@facehash/contracts';
import type { ListedObject, ObjectStorage } from './object-storage.js';

/** The one thing this package knows of metrics; `createMetrics()` of the metrics package is one. */
interface FailureCounters {
  counter(description: {
    readonly name: string;
    readonly help: string;
    readonly labels: readonly 'operation'[];
  }): (labels: { readonly operation: string }, value?: number) => void;
}

const OPERATIONS = ['put', 'get', 'find', 'delete', 'deletePrefix', 'list', 'check'] as const;

/**
 * The same storage; every call that the server or the folder could not answer is counted. An object that is missing or a
 * source stream that breaks is no failure of the storage.
 */
export function measureStorage(metrics: FailureCounters, storage: ObjectStorage): ObjectStorage {
  const failures = metrics.counter({
    name: 'facehash_storage_failures_total',
    help: 'Calls to the object storage that it could not answer.',
    labels: ['operation'],
  });
  // An alert sees a counter grow, not appear.
  for (const operation of OPERATIONS) failures({ operation }, 0);

  const told = (operation: (typeof OPERATIONS)[number], error: unknown): unknown => {
    if (isAppError(error) && error.code === 'UNAVAILABLE') failures({ operation });
    return error;
  };
  async function counted<T>(operation: (typeof OPERATIONS)[number], call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw told(operation, error);
    }
  }
  async function* listed<T extends string | ListedObject>(listing: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* listing;
    } catch (error) {
      throw told('list', error);
    }
  }

  return {
    ...storage,
    put: (key, body, options) => counted('put', storage.put(key, body, options)),
    get: (key) => counted('get', storage.get(key)),
    find: (key) => counted('find', storage.find(key)),
    delete: (key) => counted('delete', storage.delete(key)),
    deletePrefix: (prefix) => counted('deletePrefix', storage.deletePrefix(prefix)),
    list: (prefix, options) => listed(storage.list(prefix, options)),
    listWithTimes: (prefix) => listed(storage.listWithTimes(prefix)),
    check: () => counted('check', storage.check()),
  };
}
