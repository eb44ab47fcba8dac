import { seededRandom } from '../seeded-random.js';

export interface Random {
  /** Uniform in (0, 1), both ends excluded. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** Deterministic random numbers, normal ones by Box–Muller: the same photos must give the same threshold on every machine. */
export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  // Half a step more keeps 0 out, whose logarithm would be infinite.
  const uniform = (): number => next() + 2 ** -33;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
