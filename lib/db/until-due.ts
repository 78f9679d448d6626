import { setTimeout as sleep } from "node:timers/promises";
import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** Milliseconds between two looks whether something is due; what is, is found by then. */
const LOOK_MS = 500;

/** The moment of a look, for conditions: by the database's clock, which all processes share, and which indexes can be asked for. */
export const LOOK_TIME = "now()";

/** All that were ever waited for in this process. Only added to, so their number says what the statement is. */
const conditions: string[] = [];

type Waiting = { condition: string; resolve: () => void };

const waiting = new Set<Waiting>();

let isLooking = false;

/**
 * Resolves at a look at which the condition holds, or at the signal. All that wait in this process are looked at with one
 * statement, planned once per connection: each that asked by itself, every second or two, took an idle worker 29
 * statements a second, in bursts that deliveries of the same moment had to wait for.
 *
 * While the database is away it goes on waiting.
 * @param condition SQL without parameters; true while there is something to do
 */
export async function untilDue(condition: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (!conditions.includes(condition)) conditions.push(condition);
  await new Promise<void>((resolve) => {
    const entry = {
      condition,
      resolve: () => {
        waiting.delete(entry);
        signal.removeEventListener("abort", entry.resolve);
        resolve();
      },
    };
    signal.addEventListener("abort", entry.resolve, { once: true });
    waiting.add(entry);
    if (!isLooking) void lookOn();
  });
}

async function lookOn(): Promise<void> {
  isLooking = true;
  while (waiting.size > 0) {
    await sleep(LOOK_MS, undefined, { ref: false });
    if (waiting.size > 0) await look().catch((err: unknown) => log.warn({ err }, "it could not be seen what is due"));
  }
  isLooking = false;
}

async function look(): Promise<void> {
  const asked = [...conditions];
  const { rows } = await pool().query<boolean[]>({
    name: `due-${asked.length}`,
    text: `SELECT ${asked.join(",\n")}`,
    rowMode: "array",
  });
  const due = new Set(asked.filter((_, index) => rows[0]?.[index]));
  for (const { condition, resolve } of [...waiting]) if (due.has(condition)) resolve();
}
