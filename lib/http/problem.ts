import { ERRORS, type Problem } from "@/lib/contracts/problem";
import { isUnavailable, sqlState } from "@/lib/db/errors";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** PostgreSQL's text holds no NUL character, and jsonb no escaped one; nothing of ours needs them. */
const UNSTORABLE_TEXT = new Set(["22021", "22P05"]);

/** Turns whatever was thrown into the error that the caller may see; the rest goes to the log under the request id. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error)) {
    log.warn({ request_id: requestId, err: error }, "database unavailable");
    return new AppError("unavailable", "The database cannot be reached. Nothing was changed; try again in a moment.", {
      retryAfterS: 2,
    });
  }
  if (UNSTORABLE_TEXT.has(sqlState(error) ?? "")) {
    return new AppError(
      "validation_failed",
      "The request contains a NUL character or other text that cannot be stored.",
    );
  }
  log.error({ request_id: requestId, err: error }, "request failed");
  return new AppError(
    "internal",
    `Something went wrong on our side. Quote request id ${requestId} when you report it.`,
  );
}

/** RFC 9457 answer. */
export function problemResponse(error: AppError, requestId: string): Response {
  const { status, title } = ERRORS[error.code];
  const body: Problem = {
    type: `/docs/errors#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    errors: error.errors,
    ...error.extras,
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "private, no-store",
    "x-request-id": requestId,
  });
  if (error.retryAfterS !== undefined) headers.set("retry-after", String(error.retryAfterS));
  return new Response(JSON.stringify(body), { status, headers });
}
