import type { SerializedError } from "@reduxjs/toolkit";
import { type FieldError, type Problem, problemSchema } from "@/lib/contracts/problem";

/**
 * Why a call failed. `status` 0: no answer came (offline, server stopped). `problem` is null when the answer was not
 * one of the API's own problem documents.
 */
export type ApiError = { status: number; problem: Problem | null };

export const NO_ANSWER = 0;

/** The error of a failed answer. */
export function toApiError(status: number, body: unknown): ApiError {
  const parsed = problemSchema.safeParse(body);
  return { status, problem: parsed.success ? parsed.data : null };
}

/** Words for an error screen or a toast: what is wrong, what to do, and the id to quote when asking for help. */
export type ErrorText = { title: string; detail: string; requestId: string | null };

export function describeError(error: ApiError | SerializedError | undefined): ErrorText {
  if (error === undefined || !("status" in error)) {
    return { title: "Something went wrong in this page", detail: "Reload the page and try again.", requestId: null };
  }
  if (error.problem) {
    const { title, detail, request_id } = error.problem;
    return { title, detail, requestId: request_id };
  }
  if (error.status === NO_ANSWER) {
    return {
      title: "The server does not answer",
      detail: "Check your connection. Nothing was lost; try again in a moment.",
      requestId: null,
    };
  }
  return {
    title: "The answer was not understood",
    detail: `The server answered ${error.status} in a form this page does not know. Reload the page and try again.`,
    requestId: null,
  };
}

/** The fields named by a refused form, for showing each message beside its field. */
export function fieldErrors(error: ApiError | SerializedError | undefined): FieldError[] {
  return error !== undefined && "status" in error ? (error.problem?.errors ?? []) : [];
}

/** Narrows what a mutation's unwrap() throws. */
export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && "status" in error && "problem" in error;
}
