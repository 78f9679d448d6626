import { createHash } from "node:crypto";
import { open, seal } from "@/lib/crypto/secret-box";
import { db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/errors";

/** After this long without an answer the first request counts as dead and the key may be used again. */
const LOCK_MS = 60_000;
/** How long an answer is kept, in hours; the nightly cleanup drops older ones. */
export const IDEMPOTENCY_HOURS = 24;

type Answer = { status: number; body: string };

/**
 * Runs `work` once per key and scope: a repetition gets the stored answer, the same key with another request is
 * refused, and a repetition while the first is under way is told to wait. Only successes are stored: a failed request
 * may be corrected and sent again under its key.
 * @throws AppError "idempotency_key_reused" or "idempotency_in_progress".
 */
export async function once(
  { scope, key, request }: { scope: string; key: string; request: string },
  work: () => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  if (key.length > 200 || !/^[\x21-\x7e]+$/.test(key)) {
    throw invalidField("Idempotency-Key", "An idempotency key is 1 to 200 visible ASCII characters.");
  }
  const id = { scope_key: { scope, key } };
  const fingerprint = createHash("sha256").update(request).digest("hex");
  const claimed = await claim({ scope, key, fingerprint });
  if (!claimed) {
    const stored = await db.idempotencyKey.findUnique({ where: id });
    if (stored && stored.fingerprint !== fingerprint) {
      throw new AppError(
        "idempotency_key_reused",
        "This Idempotency-Key was used for a different request; use a new one.",
      );
    }
    if (!stored || stored.status === null || stored.response === null) {
      throw new AppError("idempotency_in_progress", "Wait for the first request with this key, then repeat.", {
        retryAfterS: 1,
      });
    }
    return { status: stored.status, body: open(stored.response, idempotencyContext(scope, key)), replayed: true };
  }
  try {
    const answer = await work();
    await db.idempotencyKey.update({
      where: id,
      data: { status: answer.status, response: seal(answer.body, idempotencyContext(scope, key)) },
    });
    return { ...answer, replayed: false };
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { scope, key, status: null } });
    throw error;
  }
}

/** One statement decides among racing requests; a lock that its owner did not live to release is taken over. */
async function claim({
  scope,
  key,
  fingerprint,
}: {
  scope: string;
  key: string;
  fingerprint: string;
}): Promise<boolean> {
  const rows = await db.$executeRaw`
    INSERT INTO idempotency_key (scope, key, fingerprint, locked_at) VALUES (${scope}, ${key}, ${fingerprint}, now())
    ON CONFLICT (scope, key) DO UPDATE SET locked_at = now()
      WHERE idempotency_key.status IS NULL
        AND idempotency_key.fingerprint = excluded.fingerprint
        AND idempotency_key.locked_at < now() - make_interval(secs => ${LOCK_MS / 1000})`;
  return rows === 1;
}

/** What a kept answer is encrypted for. */
export function idempotencyContext(scope: string, key: string): string {
  return `idempotency_key.response:${scope}:${key}`;
}
