import { describe, expect, it } from '@jest/globals';
import { metricsPort } from './metrics-port.js';

describe('metricsPort', () => {
  it("gives each worker a port of its own, after the gateway's", () => {
    const ports = [1, 2].map((worker) => metricsPort({ FACEHASH_METRICS_PORT: '9464' }, worker));
    expect(ports.map((setting) => setting.FACEHASH_METRICS_PORT)).toEqual(['9465', '9466']);
  });

  it.each([undefined, '0', 'none'])('changes nothing of %p', (port) => {
    expect(metricsPort({ FACEHASH_METRICS_PORT: port }, 1)).toEqual({});
  });
});
