/** Random numbers that can be had again. */
export type Randomness = {
  /** From 0 to below `limit`. */
  below: (limit: bigint) => bigint;
  /** For the title of a test: how to have the same numbers again. */
  seed: string;
};

/**
 * Random numbers of a generator that starts where the environment variable `SEED` says: the same at every run without it.
 */
export function randomness(): Randomness {
  const seed = BigInt(process.env.SEED ?? 20261127);
  let state = seed;
  // Splitmix64: every step adds the golden ratio and scrambles.
  const next = () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  return { below: (limit) => next() % limit, seed: `SEED=${seed}` };
}
