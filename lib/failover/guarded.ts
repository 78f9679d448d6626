import { log } from "@/lib/log";

/** One that fails is tried again with the next look; the others go on. */
export async function guarded<T>(work: () => Promise<T>, otherwise: T, about: Record<string, string>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    log.error({ err, ...about }, "a step of a failover failed");
    return otherwise;
  }
}
