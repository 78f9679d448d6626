import type { Actor } from "@/lib/accounts/actor";
import { type AttemptDiff, DIFF_LIMITS } from "@/lib/contracts/attempts";
import { db } from "@/lib/db/client";
import type { Attempt, Delivery } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { type DiffSide, diffAttempts } from "@/lib/webhooks/attempt-diff";
import { type AttemptRef, findAttempt } from "@/lib/webhooks/attempt-queries";
import { originOf } from "@/lib/webhooks/delivery-origin";
import { attemptsOf } from "@/lib/webhooks/delivery-queries";
import { toAttempt } from "@/lib/webhooks/delivery-view";
import { isSuccess } from "@/lib/webhooks/policy";

type SentDelivery = Delivery & { event: { body: string } };

/** An attempt beside the last success of its webhook before it. @throws AppError "not_found". */
export async function getAttemptDiff(actor: Actor, ref: AttemptRef): Promise<AttemptDiff> {
  const { delivery, attempts, attempt } = await findAttempt(actor, ref);
  const own = lastSuccess(attempts, attempt.startedAt);
  const found = own === undefined ? await findBaseline(delivery, attempt) : { delivery, attempt: own };
  if (found === null) return { baseline: null, sections: [] };
  return {
    baseline: {
      delivery_id: found.delivery.id,
      number: found.attempt.number,
      started_at: found.attempt.startedAt.toISOString(),
      event_type: found.delivery.eventType,
      http_status: found.attempt.httpStatus ?? 0,
    },
    sections: diffAttempts(toSide(found.delivery, found.attempt), toSide(delivery, attempt)),
  };
}

/** Two looks at the webhook's deliveries, each over a bounded number of them whatever the size of the log. */
async function findBaseline(
  delivery: SentDelivery & { webhook: { failingSince: Date | null } },
  attempt: Attempt,
): Promise<{ delivery: SentDelivery; attempt: Attempt } | null> {
  const { failingSince } = delivery.webhook;
  const beforeTrouble = failingSince === null ? null : firstIdAt("delivery", failingSince);
  const starts = [delivery.id, ...(beforeTrouble !== null && beforeTrouble < delivery.id ? [beforeTrouble] : [])];
  for (const start of starts) {
    const [candidate] = await db.$queryRaw<{ id: string }[]>`
      SELECT recent.id
        FROM (SELECT d.id, d.event_type, d.status, d.completed_at FROM delivery d
               WHERE d.webhook_id = ${delivery.webhookId} AND d.project_id = ${delivery.projectId} AND d.id < ${start}
               ORDER BY d.id DESC LIMIT ${DIFF_LIMITS.deliveries}) recent
       WHERE recent.status = 'delivered' AND recent.completed_at <= ${attempt.startedAt}
       ORDER BY (recent.event_type = ${delivery.eventType}) DESC, recent.id DESC LIMIT 1`;
    if (candidate === undefined) continue;
    const found = await db.delivery.findFirst({
      where: { id: candidate.id, projectId: delivery.projectId },
    });
    const origin = found && (await originOf(found));
    const success = origin && lastSuccess(await attemptsOf(found), attempt.startedAt);
    if (success) return { delivery: { ...found, event: origin.event }, attempt: success };
  }
  return null;
}

function lastSuccess(attempts: readonly Attempt[], before: Date): Attempt | undefined {
  return attempts.findLast(
    ({ httpStatus, startedAt }) => httpStatus !== null && isSuccess(httpStatus) && startedAt < before,
  );
}

function toSide(delivery: SentDelivery, row: Attempt): DiffSide {
  const attempt = toAttempt(row, delivery.event.body);
  return {
    url: delivery.url,
    eventType: delivery.eventType,
    remoteAddress: attempt.remote_address,
    requestHeaders: attempt.request.headers,
    requestBody: attempt.request.body,
    httpStatus: attempt.http_status,
    errorCode: attempt.error_code,
    response: attempt.response,
    timings: attempt.timings,
  };
}
