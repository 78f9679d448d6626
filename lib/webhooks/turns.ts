import { setImmediate as nextTurn } from "node:timers/promises";

/** How long the one thread of a process is kept at a stretch, in ms. */
const STRETCH_MS = 20;

/**
 * For loops whose length others decide: awaited once per step, it lets everybody else have a turn when one's own has
 * taken long.
 */
export function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < STRETCH_MS) return;
    await nextTurn();
    since = performance.now();
  };
}
