"use client";
import { Bug } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useRef, useState } from "react";
import { WEBHOOKS } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { useHydrated } from "@/components/ui/use-hydrated";
import { BY_DELIVERY, DebuggerForm, type DebuggerValues } from "@/components/webhooks/debugger-form";
import { handedOver } from "@/components/webhooks/debugger-handover";
import { DebuggerResult } from "@/components/webhooks/debugger-result";
import type { SignatureDiagnosis } from "@/lib/contracts/signature-debugger";
import { type ApiError, describeError, fieldErrors, isApiError } from "@/store/api-error";
import { useDebugSignatureMutation } from "@/store/debugger-api";
import { useListWebhooksQuery } from "@/store/webhooks-api";

/** Why a signature does not verify: the request on the left, the verdict on the right. */
export function DebuggerScreen() {
  const { project } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id });
  const [debug, { isLoading, reset }] = useDebugSignatureMutation();
  const [outcome, setOutcome] = useState<{ diagnosis: SignatureDiagnosis } | { error: ApiError } | null>(null);
  const result = useRef<HTMLDivElement>(null);
  const initial = useInitialValues();
  const all = webhooks.data ?? [];

  const submit = async ({ headers, body, secret, webhookId, receivedAt }: DebuggerValues) => {
    try {
      const diagnosis = await debug({
        projectId: project.id,
        body: {
          headers,
          body,
          ...(secret !== "" && { secret }),
          ...(webhookId !== BY_DELIVERY && { webhook_id: webhookId }),
          ...(receivedAt.trim() !== "" && { received_at: receivedAt.trim() }),
        },
      }).unwrap();
      setOutcome({ diagnosis });
    } catch (error) {
      if (!isApiError(error)) throw error;
      setOutcome({ error });
    }
    // What was sent holds the secret; the store is not to keep it.
    reset();
    result.current?.scrollIntoView({ block: "nearest" });
  };

  const error = outcome && "error" in outcome ? outcome.error : undefined;
  const diagnosis = outcome && "diagnosis" in outcome ? outcome.diagnosis : undefined;
  return (
    <>
      <PageHeader
        title="Signature debugger"
        description="Paste a request as your receiver saw it, and learn which step of the verification fails."
        breadcrumbs={[{ label: "Webhooks", href: WEBHOOKS }]}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        {initial === null ? (
          <Skeleton className="h-96 w-full rounded-lg" />
        ) : (
          <DebuggerForm
            initial={initial}
            webhooks={all}
            busy={isLoading}
            errors={new Map(fieldErrors(error).map(({ field, message }) => [field, message]))}
            onSubmit={(values) => void submit(values)}
          />
        )}
        <div ref={result} className="scroll-mt-20 xl:sticky xl:top-20">
          {error ? <Refusal error={error} /> : null}
          {diagnosis ? (
            <DebuggerResult diagnosis={diagnosis} webhook={all.find(({ id }) => id === diagnosis.webhook_id)} />
          ) : error ? null : (
            <EmptyState icon={<Bug />} title="No diagnosis yet">
              Nothing of what you paste is stored. With the headers of one of this project's deliveries, the body is
              compared with the one that was sent.
            </EmptyState>
          )}
        </div>
      </div>
    </>
  );
}

/** What was handed over lies in the browser, so it is known only there: until then null. */
function useInitialValues(): DebuggerValues | null {
  const params = useSearchParams();
  const hydrated = useHydrated();
  if (!hydrated) return null;
  const left = params.get("from") === "receiver" ? handedOver() : null;
  return {
    headers: "",
    body: "",
    receivedAt: "",
    ...left,
    secret: "",
    webhookId: params.get("webhook") ?? BY_DELIVERY,
  };
}

function Refusal({ error }: { error: ApiError }) {
  const { title, detail, requestId } = describeError(error);
  return (
    <Alert tone="danger" title={title} live>
      {detail}
      {requestId === null ? null : <span className="block text-xs">Request {requestId}</span>}
    </Alert>
  );
}
