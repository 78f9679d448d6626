"use client";
import { ErrorState } from "@/components/ui/error-state";
import { describeError } from "@/store/api-error";

type LoadErrorProps = { error: Parameters<typeof describeError>[0]; onRetry: () => void; retrying: boolean };

/** In place of a list that could not be read. */
export function LoadError({ error, ...retry }: LoadErrorProps) {
  const { title, detail, requestId } = describeError(error);
  return <ErrorState title={title} message={detail} requestId={requestId ?? undefined} {...retry} />;
}
