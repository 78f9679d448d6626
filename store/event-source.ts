/** Nothing for this long, in ms, means a dead connection: the server sends a sign of life every 15 s. */
const SILENCE_MS = 40_000;

type StreamHandlers = {
  signal: AbortSignal;
  onOpen: () => void;
  /** Called for every message and ping. */
  onSignOfLife: () => void;
  onMessage: (text: string) => void;
};

/**
 * Opens one EventSource and resolves when it is over: broken, silent for too long, or closed because the tab was
 * hidden or the signal fired. It never reconnects by itself, as EventSource gives up for good on an error status.
 */
export function openStream(
  url: string,
  { signal, onOpen, onSignOfLife, onMessage }: StreamHandlers,
): Promise<{ opened: boolean; ended: "broken" | "hidden" | "aborted" }> {
  return new Promise((resolve) => {
    const source = new EventSource(url);
    let opened = false;
    let watchdog = setTimeout(() => end("broken"), SILENCE_MS);

    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => end("broken"), SILENCE_MS);
      onSignOfLife();
    };
    const onVisibility = () => {
      if (document.hidden) end("hidden");
    };
    const onAbort = () => end("aborted");
    function end(ended: "broken" | "hidden" | "aborted") {
      clearTimeout(watchdog);
      document.removeEventListener("visibilitychange", onVisibility);
      signal.removeEventListener("abort", onAbort);
      source.close();
      resolve({ opened, ended });
    }

    document.addEventListener("visibilitychange", onVisibility);
    signal.addEventListener("abort", onAbort);
    source.onopen = () => {
      opened = true;
      alive();
      onOpen();
    };
    source.addEventListener("ping", alive);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      alive();
      onMessage(data);
    };
    source.onerror = () => end("broken");
    if (signal.aborted) end("aborted");
  });
}

/** Resolves when the tab is shown again or the signal fires. */
export function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", check);
      signal.removeEventListener("abort", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    signal.addEventListener("abort", check);
    check();
  });
}

/** Waits `ms`, or less when the browser says that it is online again or the signal fires. */
export function waitOrOnline(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
