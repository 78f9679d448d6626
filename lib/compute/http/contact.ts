import type { ProviderError } from "@/lib/compute/provider";
import { db } from "@/lib/db/client";
import { log } from "@/lib/log";

/** How exactly "last seen" is kept: a reconciler calls several times a second, and a row need not follow it. */
const KEPT_MS = 30_000;

const written = new Map<string, { at: number; error: string | null }>();

/**
 * Keeps when a provisioner was last heard of, and what was wrong, for the people who look after it. "There is no
 * capacity" is an answer like any other. Never fails.
 */
export async function recordContact(provisionerId: string, error: ProviderError | null): Promise<void> {
  const problem = error !== null && isTrouble(error) ? error.message : null;
  const before = written.get(provisionerId);
  if (before && before.error === problem && Date.now() - before.at < KEPT_MS) return;
  written.set(provisionerId, { at: Date.now(), error: problem });
  try {
    // Raw, because the row is not changed by this in the sense of updated_at.
    await db.$executeRaw`
      UPDATE provisioner
         SET last_error = ${problem},
             last_seen_at = CASE WHEN ${problem}::text IS NULL THEN now() ELSE last_seen_at END
       WHERE id = ${provisionerId}`;
  } catch (err) {
    log.warn({ err, provisioner: provisionerId }, "what a provisioner answered could not be kept");
  }
}

function isTrouble({ kind }: ProviderError): boolean {
  return kind === "unreachable" || kind === "refused";
}
