import { fork } from "node:child_process";
import { once } from "node:events";

/** A receiver in a process of its own that tells when each delivery arrived. */
export async function startTimedReceiver() {
  const child = fork("bench/receiver.ts", { execArgv: ["--import", "tsx"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const arrived = new Map<string, number>();
  child.on("message", (message: { arrived?: string; at?: number }) => {
    if (message.arrived && message.at) arrived.set(message.arrived, message.at);
  });
  return {
    url: `http://127.0.0.1:${port}/timed`,
    /** Milliseconds since the epoch with a fraction; both processes read the same clock. */
    now: () => performance.timeOrigin + performance.now(),
    /** Milliseconds from sent to arrived, ascending; what has not arrived is left out. */
    latencies: (sent: readonly { id: string; at: number }[]) =>
      sent
        .flatMap(({ id, at }) => {
          const end = arrived.get(id);
          return end === undefined ? [] : [end - at];
        })
        .toSorted((a, b) => a - b),
    stop: () => child.kill("SIGKILL"),
  };
}
