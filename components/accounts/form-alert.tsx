"use client";
import { type ReactNode, useEffect, useRef } from "react";
import { Alert } from "@/components/ui/alert";
import { describeError } from "@/store/api-error";

/** Why a form was refused as a whole. Takes the focus when it appears, so that nobody misses or has to look for it. */
export function FormAlert({
  title,
  actions,
  children,
}: {
  title?: string | undefined;
  actions?: ReactNode | undefined;
  children: ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.focus(), []);
  return (
    <div ref={frame} tabIndex={-1}>
      <Alert tone="danger" title={title} actions={actions} live>
        {children}
      </Alert>
    </div>
  );
}

/** The same for a call of the API that failed, with the id to quote. */
export function FormError({ error }: { error: Parameters<typeof describeError>[0] }) {
  const { title, detail, requestId } = describeError(error);
  return (
    <FormAlert title={title}>
      {detail}
      {requestId === null ? null : <span className="block break-all text-xs">Request {requestId}</span>}
    </FormAlert>
  );
}
