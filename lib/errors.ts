import type { ErrorCode, FieldError, ProblemExtras } from "@/lib/contracts/problem";

/** An error that a caller is meant to see. Anything else becomes "internal" at the edge, with its details in the log. */
export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  /** What is wrong with which field, and the mend. */
  readonly errors: FieldError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS: number | undefined;
  /** What some codes add to the answer, such as alternatives. */
  readonly extras: ProblemExtras;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { errors?: FieldError[]; retryAfterS?: number; extras?: ProblemExtras } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterS = options.retryAfterS;
    this.extras = options.extras ?? {};
  }
}

export function notFound(what: string): AppError {
  return new AppError("not_found", `There is no such ${what} in this project.`);
}

export function invalidField(field: string, message: string): AppError {
  return new AppError("validation_failed", message, { errors: [{ field, message }] });
}
