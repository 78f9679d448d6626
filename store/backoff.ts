const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * Milliseconds to wait before trying again after `failures` failures in a row (1 or more): doubling from half a second
 * to 20 s, of which a random half is taken off so that the tabs of a whole team do not come back in the same moment.
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(full * (1 - random() / 2));
}
