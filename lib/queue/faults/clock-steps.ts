/**
 * Loaded before the worker by the fault tests: the machine's clock jumps an hour ahead, back, and a day into the past,
 * every second. performance.now() goes on evenly, as it does on a real machine.
 */
const RealDate = Date;
const STEPS_MS = [0, 3_600_000, -3_600_000, 0, -86_400_000];
const startedAt = performance.now();

function offset(): number {
  return STEPS_MS[Math.floor((performance.now() - startedAt) / 1_000) % STEPS_MS.length] ?? 0;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters, newTarget) =>
    Reflect.construct(target, parameters.length === 0 ? [RealDate.now() + offset()] : parameters, newTarget),
  apply: () => new RealDate(RealDate.now() + offset()).toString(),
  get: (target, name) => (name === "now" ? () => RealDate.now() + offset() : Reflect.get(target, name)),
});
