import { totalmem } from "node:os";

const MIB = 1024 ** 2;
/** What PostgreSQL takes unless it is told otherwise. */
const LEAST_MIB = 128;
/** The most that was measured: a delivery took 4 % less of PostgreSQL's CPU than with the least. */
const MOST_MIB = 1024;

/** What this process may use: of the machine, or of its container if that gives less. */
export function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/**
 * PostgreSQL's own cache (`shared_buffers`), in MiB: an eighth of the memory, since the console and the workers share the
 * machine with it. A quarter is what its manual advises where it is alone
 * (https://www.postgresql.org/docs/18/runtime-config-resource.html). It takes memory only as it fills. Where it is smaller
 * than what is under way, pages that were just written are written out and read back.
 */
export function sharedBuffersMib(memory: number): number {
  return Math.max(LEAST_MIB, Math.min(MOST_MIB, Math.floor(memory / 8 / MIB)));
}
