import path from "node:path";
import { watch } from "chokidar";
import { webhooksFile } from "@/lib/env";
import { log } from "@/lib/log";
import { type LoadOutcome, type LoadTrigger, loadWebhooksFile } from "@/lib/webhooks/file/load";

/** Editors write in several steps; when nothing has happened for so long, the file is complete. */
const DEBOUNCE_MS = 300;
/** How soon it is tried again while the database cannot be reached, or nobody has set the installation up yet. */
const RETRY_MS = 2_000;

/** How Kubernetes replaces what is in a mounted ConfigMap: the file stays a link, and this link changes. */
const CONFIG_MAP_LINK = "..data";

type Options = {
  signal: AbortSignal;
  /** Where SIGHUP is announced, as the event "hangup". */
  hangUps: NodeJS.EventEmitter;
  /** The file, relative to the working directory. */
  file?: string;
};

/**
 * Loads the webhooks' file at once, and again whenever it changes or a hang-up is announced, until the signal. One load
 * at a time; what happens meanwhile is made up for by one more. Never throws.
 */
export async function followWebhooksFile({ signal, hangUps, file = webhooksFile }: Options): Promise<void> {
  let wanted: LoadTrigger | undefined = "start";
  let wake: () => void = () => {};
  const want = (trigger: LoadTrigger) => {
    wanted = trigger;
    wake();
  };
  const onHangUp = () => want("signal");
  hangUps.on("hangup", onHangUp);
  const stopWatching = watchFile(file, () => want("change"));
  signal.addEventListener("abort", () => wake(), { once: true });
  while (!signal.aborted) {
    if (wanted === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    const trigger: LoadTrigger = wanted;
    wanted = undefined;
    const outcome = await tryLoad(trigger, file);
    if (outcome !== undefined && outcome.kind !== "unready") continue;
    wanted ??= trigger;
    const pause = setTimeout(() => wake(), RETRY_MS);
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (signal.aborted) resolve();
    });
    clearTimeout(pause);
  }
  hangUps.off("hangup", onHangUp);
  await stopWatching();
}

/** @returns undefined when the database could not be reached */
async function tryLoad(trigger: LoadTrigger, file: string): Promise<LoadOutcome | undefined> {
  try {
    return await loadWebhooksFile({ trigger, file });
  } catch (err) {
    log.warn({ err, file }, "the webhooks' file could not be loaded; trying again");
    return undefined;
  }
}

/**
 * Watches the folder as well as the file: most editors write a new file and put it in the place of the old one.
 * @returns a function that ends it
 */
function watchFile(file: string, onChange: () => void): () => Promise<void> {
  const absolute = path.resolve(file);
  const folder = path.dirname(absolute);
  const watched = new Set([folder, absolute, path.join(folder, CONFIG_MAP_LINK)]);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([folder, absolute], {
    depth: 0,
    ignoreInitial: true,
    ignored: (name) => !watched.has(path.resolve(name)),
  });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, DEBOUNCE_MS);
  });
  watcher.on("error", (err) => log.warn({ err, file }, "the webhooks' file is not watched; reload it by SIGHUP"));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
