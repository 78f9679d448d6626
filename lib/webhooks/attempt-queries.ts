import { type Actor, authorise } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { notFound } from "@/lib/errors";
import { originOf } from "@/lib/webhooks/delivery-origin";
import { attemptsOf } from "@/lib/webhooks/delivery-queries";

export type AttemptRef = { deliveryId: string; number: number };

/** One attempt with its delivery, event and webhook. @throws AppError "not_found". */
export async function findAttempt(actor: Actor, { deliveryId, number }: AttemptRef) {
  authorise(actor, "deliveries:read");
  const row = await db.delivery.findFirst({ where: { id: deliveryId, projectId: actor.projectId } });
  const origin = row && (await originOf(row));
  if (!origin) throw notFound("delivery");
  const delivery = { ...row, ...origin };
  const attempts = await attemptsOf(delivery);
  const attempt = attempts.find((candidate) => candidate.number === number);
  if (!attempt) throw notFound("attempt");
  return { delivery, attempts, attempt };
}

export type StoredBody = { bytes: Uint8Array<ArrayBuffer>; filename: string };

/** The body that was sent, byte for byte. @throws AppError "not_found". */
export async function requestBody(actor: Actor, ref: AttemptRef): Promise<StoredBody> {
  const { delivery } = await findAttempt(actor, ref);
  return {
    bytes: new TextEncoder().encode(delivery.event.body),
    filename: `${delivery.id}-attempt-${ref.number}-request.json`,
  };
}

/** The body that was answered, as far as it is stored. @throws AppError "not_found", also when no answer came. */
export async function responseBody(actor: Actor, ref: AttemptRef): Promise<StoredBody> {
  const { delivery, attempt } = await findAttempt(actor, ref);
  if (attempt.httpStatus === null) throw notFound("response");
  const headers: unknown = attempt.responseHeaders;
  const type = typeof headers === "object" && headers !== null ? Reflect.get(headers, "content-type") : undefined;
  return {
    bytes: attempt.responseBody ?? new Uint8Array(),
    filename: `${delivery.id}-attempt-${ref.number}-response.${extension(String(type ?? ""))}`,
  };
}

/** Never one that a double click would run or open in a browser: the body is a stranger's. */
function extension(contentType: string): string {
  if (/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return "json";
  return /^text\//i.test(contentType) ? "txt" : "bin";
}
