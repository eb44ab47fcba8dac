import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '@facehash/jobs';

/** What a gateway holds. */
interface GatewayState {
  readonly waits: number;
  readonly eventStreams: number;
  readonly timers: number;
  readonly sockets: number;
  /** After a collection of all garbage. */
  readonly heapMb: number;
  /** Connections of everybody at Redis, and those of them that listen to channels. */
  readonly redisClients: number;
  readonly redisListeners: number;
}

export type ReadGateway = () => Promise<GatewayState>;

/** @param o.gateway has `collect-on-signal` preloaded */
export function gatewayState(o: { gateway: ChildProcess; metricsPort: number; redisUrl: string }): {
  read: ReadGateway;
  metric: (series: string) => Promise<number>;
  close: () => void;
} {
  const redis = connectRedis(o.redisUrl, 'worker');
  const metrics = async (): Promise<(series: string) => number> => {
    const text = await (await fetch(`http://127.0.0.1:${o.metricsPort}/metrics`)).text();
    return (series) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1] ?? 0,
      );
  };

  return {
    metric: async (series) => (await metrics())(series),
    async read() {
      // Twice: what a finalizer lets go of is collected by the second.
      for (let i = 0; i < 2; i++) {
        o.gateway.kill('SIGUSR2');
        await sleep(300);
      }
      const value = await metrics();
      const clients = (await redis.client('LIST')) as string;
      return {
        waits: value('facehash_gateway_waits'),
        eventStreams: value('facehash_gateway_event_streams'),
        timers: value('nodejs_active_resources{type="Timeout"}'),
        sockets: value('nodejs_active_resources{type="TCPSocketWrap"}'),
        heapMb: Number((value('nodejs_heap_size_used_bytes') / 2 ** 20).toFixed(2)),
        redisClients: clients.trim().split('\n').length,
        redisListeners: [...clients.matchAll(/ sub=([1-9]\d*)/g)].length,
      };
    },
    close() {
      redis.disconnect();
    },
  };
}
