import { ok, type Check } from './check.js';
import type { DoctorSettings } from './settings.js';

/** Its own checks give up after 2 s. */
const ANSWER_MS = 5_000;

export const GATEWAY_CHECK: Check<DoctorSettings> = {
  name: 'Gateway answers and is ready',
  advice: 'Start one with facehash up, or give its address with --url or FACEHASH_URL.',
  async run({ gatewayUrl }) {
    if (gatewayUrl === undefined) throw new Error('none runs on this data directory');
    const answer = await fetch(new URL('/readyz', gatewayUrl), {
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((cause: unknown) => {
      throw new Error(`${gatewayUrl} does not answer`, { cause });
    });
    if (answer.ok) return ok(gatewayUrl);
    const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new Error(`${gatewayUrl} is not ready: ${detail ?? `it answers ${answer.status}`}`);
  },
};
