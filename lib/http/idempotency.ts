import { createHash } from "node:crypto";
import { open, seal } from "@/lib/crypto/secret-box";
import { db } from "@/lib/db/client";
import { type Tx, withCompanion } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";

/** After this long without an answer the first request counts as dead and the key may be used again. */
const LOCK_MS = 60_000;
/** How long an answer is kept, in hours; the nightly cleanup drops older ones. */
export const IDEMPOTENCY_HOURS = 24;

type Asked = { scope: string; key: string; fingerprint: string };

/** A key as one request owns it. */
type Owned = { scope: string; key: string; lockedAt: Date };

type Answer = { status: number; body: string };

type Row = {
  fingerprint: string;
  status: number | null;
  response: string | null;
  carried_out: boolean;
  /** Whether the first request had so much time that it counts as dead. */
  is_stale: boolean;
};

/**
 * Runs `work` once per key and scope: a repetition gets the stored answer, the same key with another request is
 * refused, and a repetition while the first is under way is told to wait. Only successes are stored: a failed request
 * may be corrected and sent again under its key.
 *
 * That the work was done is stored in the transaction that does it. So a process that dies between its commit and the
 * storing of its answer costs the answer and not a second effect, and one that was only slow, and whose key another has
 * taken over, can no longer commit.
 * @throws AppError "idempotency_key_reused", "idempotency_in_progress" or "idempotency_answer_lost".
 */
export async function once(
  { scope, key, request }: { scope: string; key: string; request: string },
  work: () => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  if (key.length > 200 || !/^[\x21-\x7e]+$/.test(key)) {
    throw invalidField("Idempotency-Key", "An idempotency key is 1 to 200 visible ASCII characters.");
  }
  const fingerprint = createHash("sha256").update(request).digest("hex");
  const lockedAt = await claim({ scope, key, fingerprint });
  if (!lockedAt) return { ...(await storedAnswer({ scope, key, fingerprint })), replayed: true };
  const mine = { scope, key, lockedAt };
  try {
    const answer = await withCompanion((tx) => noteCarriedOut(tx, mine), work);
    await db.idempotencyKey.updateMany({
      where: mine,
      data: { status: answer.status, response: seal(answer.body, idempotencyContext(scope, key)) },
    });
    return { ...answer, replayed: false };
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { ...mine, status: null, carriedOutAt: null } });
    throw error;
  }
}

/**
 * One statement decides among racing requests; a lock that its owner did not live to release is taken over.
 * @returns when it was locked, which tells this owner from those before and after it; undefined when it is another's
 */
async function claim({ scope, key, fingerprint }: Asked): Promise<Date | undefined> {
  const rows = await db.$queryRaw<{ locked_at: Date }[]>`
    INSERT INTO idempotency_key (scope, key, fingerprint, locked_at) VALUES (${scope}, ${key}, ${fingerprint}, now())
    ON CONFLICT (scope, key) DO UPDATE SET locked_at = now()
      WHERE idempotency_key.status IS NULL
        AND idempotency_key.carried_out_at IS NULL
        AND idempotency_key.fingerprint = excluded.fingerprint
        AND idempotency_key.locked_at < now() - make_interval(secs => ${LOCK_MS / 1000})
    RETURNING locked_at`;
  return rows[0]?.locked_at;
}

/**
 * Before the commit of each transaction of the work that has written something. Its row stays locked until then, so a
 * request that takes the key over waits for that.
 * @throws AppError "idempotency_in_progress" when it was taken over
 */
async function noteCarriedOut(tx: Tx, { scope, key, lockedAt }: Owned): Promise<void> {
  const rows = await tx.$queryRaw<{ wrote: boolean; is_mine: boolean }[]>`
    WITH noted AS (
      UPDATE idempotency_key SET carried_out_at = coalesce(carried_out_at, now())
       WHERE scope = ${scope} AND key = ${key} AND locked_at = ${lockedAt} AND pg_current_xact_id_if_assigned() IS NOT NULL
      RETURNING 1
    )
    SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote, EXISTS (SELECT FROM noted) AS is_mine`;
  if (rows[0]?.wrote && !rows[0].is_mine) throw inProgress();
}

/** @throws AppError when there is none to give */
async function storedAnswer({ scope, key, fingerprint }: Asked): Promise<Answer> {
  const [stored] = await db.$queryRaw<Row[]>`
    SELECT fingerprint, status, response, carried_out_at IS NOT NULL AS carried_out,
           locked_at < now() - make_interval(secs => ${LOCK_MS / 1000}) AS is_stale
      FROM idempotency_key WHERE scope = ${scope} AND key = ${key}`;
  if (stored && stored.fingerprint !== fingerprint) {
    throw new AppError(
      "idempotency_key_reused",
      "This Idempotency-Key was used for a different request; use a new one.",
    );
  }
  if (stored?.status != null && stored.response !== null) {
    return { status: stored.status, body: open(stored.response, idempotencyContext(scope, key)) };
  }
  if (stored?.carried_out && stored.is_stale) {
    throw new AppError(
      "idempotency_answer_lost",
      "The first request with this key was carried out, but its answer was lost. Look for what it made; do not send it again under another key.",
    );
  }
  throw inProgress();
}

function inProgress(): AppError {
  return new AppError("idempotency_in_progress", "Wait for the first request with this key, then repeat.", {
    retryAfterS: 1,
  });
}

/** What a kept answer is encrypted for. */
export function idempotencyContext(scope: string, key: string): string {
  return `idempotency_key.response:${scope}:${key}`;
}
