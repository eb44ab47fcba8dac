import { AppError, isAppError } from '@facehash/contracts';

const NETWORK_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/** ioredis gives these no code, only a text (6.0: Redis.js, Command.js, utils, cluster, SentinelConnector). */
const CLIENT_MESSAGES = [
  "Stream isn't writeable",
  'Connection is closed',
  'Command timed out',
  'Reached the max retries per request limit',
  "Cluster isn't ready",
  'Cluster is ended',
  'Too many Cluster redirections',
  'Failed to refresh slots cache',
  'None of startup nodes is available',
  'All sentinels are unreachable',
];

/** First words of Redis' own refusals that say "not now" rather than "wrong command". */
const SERVER_REFUSALS = [
  ...['LOADING', 'MASTERDOWN', 'READONLY', 'NOREPLICAS', 'CLUSTERDOWN', 'TRYAGAIN'],
  ...['OOM', 'MISCONF', 'NOAUTH', 'WRONGPASS'],
];

/** Whether an error means that Redis cannot serve us at the moment, as opposed to a mistake of ours. */
export function isRedisOutage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if ('code' in error && NETWORK_CODES.has(String(error.code))) return true;
  if (error.name === 'ReplyError') return SERVER_REFUSALS.some((word) => error.message.startsWith(word));
  return CLIENT_MESSAGES.some((text) => error.message.startsWith(text));
}

type Api = Readonly<Record<string, unknown>>;

/**
 * The same object, its methods rejecting with AppError UNAVAILABLE where ioredis' error meant "Redis is away".
 * The one place where this translation happens: every object that leaves this package goes through it.
 */
export function reportOutages<T extends object>(api: T): T {
  const wrapped = Object.entries(api as Api).map(([name, member]) => [
    name,
    typeof member === 'function'
      ? async (...args: unknown[]): Promise<unknown> => {
          try {
            return await (member as (...all: unknown[]) => unknown)(...args);
          } catch (error) {
            throw toUnavailable(error);
          }
        }
      : member,
  ]);
  return Object.fromEntries(wrapped) as T;
}

function toUnavailable(error: unknown): unknown {
  if (isAppError(error) || !isRedisOutage(error)) return error;
  return new AppError(
    'UNAVAILABLE',
    'The job queue (Redis) is not reachable; send the request again shortly.',
    {
      retryAfterS: 2,
      cause: error,
    },
  );
}
