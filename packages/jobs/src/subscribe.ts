import type { Redis } from 'ioredis';

/** Listens to Redis channels on a connection of its own, which Redis demands, copied from `redis`. */
export function subscribe(
  redis: Redis,
  channels: readonly string[],
  listener: {
    heard(channel: string, message: string): void;
    /** The connection is there, again: whatever was published while it was not is lost. */
    mayHaveMissed(): void;
  },
): { close(): void } {
  // It may queue its one SUBSCRIBE while Redis is away, whatever the connection it copies does.
  const subscriber = redis.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  });
  subscriber.on('error', () => undefined); // the copied connection reports the outage
  subscriber.on('message', (channel, message) => {
    listener.heard(channel, message);
  });
  subscriber.on('ready', () => {
    listener.mayHaveMissed();
  });
  subscriber.subscribe(...channels).catch(() => undefined); // fails only when closed before it ever connected
  return {
    close() {
      subscriber.disconnect();
    },
  };
}
