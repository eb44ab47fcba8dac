export interface Random {
  /** Uniform in (0, 1), both ends excluded. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Deterministic random numbers: the same photos must give the same threshold on every machine.
 * Uniform by mulberry32 (Tommy Ettinger, public domain), normal by Box–Muller.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    // The half keeps 0 out, whose logarithm would be infinite.
    return (((bits ^ (bits >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
