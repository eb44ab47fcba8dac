import { Cluster, type Redis as Server } from 'ioredis';
import type { Redis } from './connection.js';

interface Listener {
  heard(channel: string, message: string): void;
  /** The connection is there, again: whatever was published while it was not is lost. */
  mayHaveMissed(): void;
}

/** It may queue its one SUBSCRIBE while Redis is away, whatever the connection it copies does. */
const PATIENT = {
  enableOfflineQueue: true,
  maxRetriesPerRequest: null,
  commandTimeout: undefined,
  lazyConnect: false,
} as const;

/** Until another server of a cluster is tried. */
const NEXT_SERVER_MS = 100;

/** Listens to Redis channels on a connection of its own, which Redis demands, copied from `redis`. */
export function subscribe(redis: Redis, channels: readonly string[], listener: Listener): { close(): void } {
  if (redis instanceof Cluster) return subscribeToCluster(redis, channels, listener);
  const subscriber = listen(redis.duplicate(PATIENT), channels, listener);
  return {
    close() {
      subscriber.disconnect();
    },
  };
}

/**
 * Every server of a cluster tells what is published on any, so one is enough, until it goes. ioredis' own subscriber of a
 * cluster moves on by itself too, but does not say so, and nobody would know what may have been missed.
 */
function subscribeToCluster(
  cluster: Cluster,
  channels: readonly string[],
  listener: Listener,
): { close(): void } {
  let subscriber: Server | undefined;
  let next: NodeJS.Timeout | undefined;
  const moveOn = (): void => {
    const servers = cluster.nodes();
    const server = servers[Math.floor(Math.random() * servers.length)];
    // None while the cluster is away.
    subscriber = server?.duplicate({ ...PATIENT, readOnly: false, retryStrategy: () => null });
    if (subscriber === undefined) later();
    else listen(subscriber, channels, listener).once('end', later);
  };
  const later = (): void => {
    next = setTimeout(moveOn, NEXT_SERVER_MS);
  };
  // A server that is taken out of the cluster goes on answering, but hears nothing any more.
  const leave = ({ options }: Server): void => {
    const { host, port } = subscriber?.options ?? {};
    if (options.host === host && options.port === port) subscriber?.disconnect();
  };
  cluster.on('-node', leave);
  moveOn();
  return {
    close() {
      cluster.off('-node', leave);
      subscriber?.off('end', later).disconnect();
      clearTimeout(next);
    },
  };
}

function listen(subscriber: Server, channels: readonly string[], listener: Listener): Server {
  subscriber.on('error', () => undefined); // the copied connection reports the outage
  subscriber.on('message', (channel, message) => {
    listener.heard(channel, message);
  });
  subscriber.on('ready', () => {
    listener.mayHaveMissed();
  });
  subscriber.subscribe(...channels).catch(() => undefined); // fails only when closed before it ever connected
  return subscriber;
}
