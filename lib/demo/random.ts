export type Random = {
  /** Between 0 (included) and 1. */
  next: () => number;
  /** A whole number from low to high, both included. */
  between: (low: number, high: number) => number;
  pick: <T>(options: readonly [T, ...T[]]) => T;
};

/** Mulberry32: the same numbers for the same seed, so that demo data and screenshots do not change by themselves. */
export function seededRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (options) => options[Math.floor(next() * options.length)] ?? options[0],
  };
}
