"use client";
import { Check, KeyRound, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { useCopy } from "@/components/ui/use-copy";
import { useNow } from "@/components/ui/use-now";
import type { DeliveryCurl } from "@/lib/contracts/attempts";
import { describeError } from "@/store/api-error";
import { useCreateDeliveryCurlMutation } from "@/store/deliveries-api";
import { countdownText } from "./countdown";

/**
 * A command that receivers accept: signed at this moment by the server. It is copied and shown, so that it can still be
 * copied where a browser lets nothing be copied after a wait.
 * @param children the other way, beside it: the command as it was sent
 */
export function SignedCurl({ deliveryId, children }: { deliveryId: string; children: ReactNode }) {
  const { project, can } = useProject();
  const [create, { isLoading, error }] = useCreateDeliveryCurlMutation();
  const [made, setMade] = useState<DeliveryCurl | null>(null);
  const { state, copy } = useCopy();
  const mayCreate = can("deliveries:retry");
  const press = async () => {
    const answer = await create({ projectId: project.id, deliveryId });
    if (answer.data === undefined) return;
    setMade(answer.data);
    await copy(answer.data.command);
  };
  const Icon = state === "copied" ? Check : state === "failed" ? TriangleAlert : KeyRound;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {children}
        {mayCreate ? (
          <Button size="sm" loading={isLoading} onClick={() => void press()}>
            <Icon aria-hidden="true" />
            {state === "copied" ? "Copied" : "Copy freshly signed cURL"}
          </Button>
        ) : null}
      </div>
      <p className="text-ink-muted text-xs">
        The command as it was sent carries the old signature, which receivers refuse after five minutes.{" "}
        {mayCreate
          ? "A freshly signed one is valid for five minutes from now."
          : "Your role cannot make a freshly signed one."}
      </p>
      <div role="status" className="empty:hidden">
        {error === undefined || isLoading ? null : (
          <p className="text-danger text-sm">
            {describeError(error).title}. {describeError(error).detail}
          </p>
        )}
        {made === null ? null : (
          <p className="sr-only">The command is signed{state === "copied" ? " and copied" : ""}.</p>
        )}
      </div>
      {made === null ? null : (
        <>
          {made.placeholders.length === 0 ? null : (
            <p className="text-ink-muted text-xs">
              Fill in {made.placeholders.map((name) => `<${name}>`).join(", ")}: stored credentials are not shown.
            </p>
          )}
          <CodeBlock
            code={made.command}
            label={
              <>
                Freshly signed cURL, <Validity until={made.valid_until} />
              </>
            }
            copyLabel="Copy freshly signed command"
            maxHeight="16rem"
            wrap
          />
        </>
      )}
    </div>
  );
}

function Validity({ until }: { until: string | null }) {
  const now = useNow();
  if (until === null) return "without a signature: the webhook has no secret";
  const end = Date.parse(until);
  if (now !== undefined && now >= end) return <span className="text-danger">no longer valid; make another one</span>;
  return `valid for 5 minutes${now === undefined ? "" : `, ends ${countdownText(end, now)}`}`;
}
