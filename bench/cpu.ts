import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_S = 100;

/** Seconds of CPU that a process has used so far, in user and kernel; 0 where /proc does not say. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return fields === null ? 0 : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** The same for a process, its children that run, and those that have ended: PostgreSQL with its backends. */
export function cpuSecondsWithChildren(pid: number): number {
  const fields = statOf(pid);
  if (fields === null) return 0;
  const ended = (Number(fields[13]) + Number(fields[14])) / TICKS_PER_S;
  const running = processIds().filter((child) => Number(statOf(child)?.[1]) === pid);
  return running.reduce((sum, child) => sum + cpuSeconds(child), cpuSeconds(pid) + ended);
}

/** The fields of /proc/<pid>/stat from the state on, which follows the name in parentheses (proc(5)). */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
