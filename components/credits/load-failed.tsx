"use client";
import { ErrorState } from "@/components/ui/error-state";
import { describeError } from "@/store/api-error";

type LoadFailedProps = { error: Parameters<typeof describeError>[0]; onRetry: () => void; retrying: boolean };

/** Something of the credits could not be read; never says that there are none. */
export function LoadFailed({ error, onRetry, retrying }: LoadFailedProps) {
  const { title, detail, requestId } = describeError(error);
  return (
    <ErrorState
      title={title}
      message={detail}
      {...(requestId === null ? {} : { requestId })}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}
