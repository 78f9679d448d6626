"use client";
import { OctagonAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";

export type ErrorStateProps = {
  title?: ReactNode | undefined;
  /** What went wrong, in words for a person. */
  message: ReactNode;
  /** Lets whoever runs the server find the request in its log. */
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
  retrying?: boolean | undefined;
  actions?: ReactNode | undefined;
  className?: string | undefined;
};

/** Something could not be loaded. Announced at once; never says that there is nothing. */
export function ErrorState({
  title = "This could not be loaded",
  message,
  requestId,
  onRetry,
  retrying = false,
  actions,
  className,
}: ErrorStateProps) {
  return (
    <div role="alert" className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      <div
        aria-hidden="true"
        className="mb-4 flex size-10 items-center justify-center rounded-lg bg-danger-soft text-danger [&_svg]:size-5"
      >
        <OctagonAlert />
      </div>
      <p className="font-medium text-base text-ink">{title}</p>
      <div className="mt-1 max-w-md text-balance break-words text-ink-muted text-sm">{message}</div>
      {requestId === undefined ? null : (
        <p className="mt-2 flex items-center gap-1 text-ink-muted text-xs">
          Request <code className="break-all font-mono text-ink">{requestId}</code>
          <CopyButton value={requestId} label="Copy request id" />
        </p>
      )}
      {onRetry === undefined && actions === undefined ? null : (
        <div className="mt-5 flex flex-wrap justify-center gap-2">
          {onRetry === undefined ? null : (
            <Button onClick={onRetry} loading={retrying}>
              <RotateCw aria-hidden="true" />
              Try again
            </Button>
          )}
          {actions}
        </div>
      )}
    </div>
  );
}
