import { EventEmitter } from "node:events";

/** How the long-running children (web, worker) hear that they are to end, and tell that they are ready. */

/** Tells the launcher, if there is one. */
export function reportReady(): void {
  process.send?.("ready");
}

/**
 * Aborted when this process is to end: by SIGTERM, by Ctrl-C, or because the launcher is no more, however it died. A
 * second Ctrl-C ends it at once.
 */
export function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted && signal === "SIGINT") process.exit(130);
      controller.abort();
    });
  }
  // As if the signal had come, so that whoever listens for it hears it too.
  const endMyself = () => process.kill(process.pid, "SIGTERM");
  process.on("disconnect", endMyself);
  if (process.send && !process.connected) endMyself(); // It was gone before we could listen.
  return controller.signal;
}

/** Announces every SIGHUP as "hangup". To be called before anything else is loaded: unheard, the signal ends the process. */
export function hangUps(): EventEmitter {
  const emitter = new EventEmitter();
  process.on("SIGHUP", () => emitter.emit("hangup"));
  return emitter;
}
