import { EventEmitter } from "node:events";

const woken = new EventEmitter().setMaxListeners(0);

/** Tells this process's worker that there is something to do; those of other processes look by themselves. */
export function wakeArtifacts(): void {
  woken.emit("wake");
}

/** Resolves at a wake-up, or when the signal ends the waiting. */
export function untilWoken(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      woken.off("wake", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    woken.on("wake", done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
