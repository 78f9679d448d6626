"use client";
import { ErrorState, type ErrorStateProps } from "@/components/ui/error-state";
import { describeError } from "@/store/api-error";

export type LoadErrorProps = Pick<ErrorStateProps, "onRetry" | "retrying" | "className"> & {
  error: Parameters<typeof describeError>[0];
};

/** In place of what could not be read. Nothing is said about whether there is anything. */
export function LoadError({ error, ...look }: LoadErrorProps) {
  const { title, detail, requestId } = describeError(error);
  return <ErrorState title={title} message={detail} requestId={requestId ?? undefined} {...look} />;
}
