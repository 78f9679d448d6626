import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { problemResponse, toAppError } from "@/lib/http/problem";
import { newId } from "@/lib/ids";
import { announceReceiverRequests } from "@/lib/live/channel";
import { readBounded } from "@/lib/receiver/read-bounded";
import { type Answer, storeRequest } from "@/lib/receiver/store-request";

/**
 * Counted by token before the token is looked up: a flood costs the database nothing, and one who guesses learns
 * nothing from it.
 */
const limiter = new RateLimiterMemory({ points: RECEIVER_LIMITS.requestsPerSecond, duration: 1 });

/** Answers that must not have a body (the Fetch standard's null body statuses, of those that can be chosen). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** Nobody reads this answer: the caller has closed the connection. */
const CALLER_LEFT = 499;

/**
 * The test receiver behind /receiver/<token>: keeps what comes, judges its signature, and answers as it was told, after
 * the delay it was told. Any method; never throws.
 */
export async function receive(request: Request, token: string): Promise<Response> {
  const requestId = newId("request");
  try {
    return await answer(request, token);
  } catch (error) {
    const response = problemResponse(toAppError(error, requestId), requestId);
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  }
}

async function answer(request: Request, token: string): Promise<Response> {
  const receivedAt = new Date();
  await limit(token);
  const receiver = await db.receiver.findUnique({ where: { token }, select: { projectId: true } });
  if (!receiver) throw noSuchReceiver();
  const body = await readBounded(request, RECEIVER_LIMITS.readBytes);
  if (body === null) return new Response(null, { status: CALLER_LEFT });
  const stored = await storeRequest({ projectId: receiver.projectId, request, body, receivedAt });
  if (stored === null) throw noSuchReceiver();
  announceReceiverRequests(receiver.projectId, [stored.id]);
  if (!(await waited(stored.delayMs, request.signal))) return new Response(null, { status: CALLER_LEFT });
  const response = toResponse(stored, request.method);
  // The rest of the body is still on its way, so the caller must not use the connection for its next request.
  if (!body.complete) response.headers.set("connection", "close");
  return response;
}

/** The same for a token that was never given out, one of a deleted project, and text that cannot be a token. */
function noSuchReceiver(): AppError {
  return new AppError("not_found", "There is no test receiver at this address. Copy it anew from the console.");
}

async function limit(token: string): Promise<void> {
  try {
    await limiter.consume(token);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new AppError(
      "rate_limited",
      `The test receiver takes at most ${RECEIVER_LIMITS.requestsPerSecond} requests a second.`,
      { retryAfterS: 1 },
    );
  }
}

/** @returns false when the caller left meanwhile */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0) await sleep(Math.min(ms, RECEIVER_LIMITS.longestDelayMs), undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

function toResponse({ id, signature, status }: Answer, method: string): Response {
  const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (method === "HEAD" || WITHOUT_BODY.has(status)) return new Response(null, { status, headers });
  return new Response(JSON.stringify({ received: id, signature }), {
    status,
    headers: { ...headers, "content-type": "application/json" },
  });
}
