"use client";
import Link from "next/link";
import { deliveriesHref } from "@/components/deliveries/links";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Timestamp } from "@/components/ui/timestamp";
import { useNow } from "@/components/ui/use-now";
import { failureWords } from "@/components/webhooks/condition-words";
import type { Webhook } from "@/lib/contracts/webhooks";

/** What is the matter with a webhook that is enabled, and what happens next; nothing while all is well. */
export function HealthBanner({ webhook }: { webhook: Webhook }) {
  const { status, condition } = webhook;
  const now = useNow();
  const until = condition.paused_until;
  const paused = until !== null && now !== undefined && Date.parse(until) > now ? until : null;
  if (status === "healthy") return paused === null ? null : <Throttled until={paused} />;
  if (status === "disabled") return null;
  return (
    <Alert
      tone={status === "probing" ? "danger" : "caution"}
      title={
        status === "probing" ? "This webhook keeps failing; it gets one request at a time" : "This webhook is failing"
      }
      actions={
        <Button asChild size="sm">
          <Link href={deliveriesHref({ webhook_id: webhook.id, status: "pending,failed", range: "24h" })}>
            See what failed
          </Link>
        </Button>
      }
    >
      <p>
        {condition.failing_since === null ? null : (
          <>
            It began to fail <RelativeTime value={condition.failing_since} />:{" "}
          </>
        )}
        {failureWords(condition)}
      </p>
      {status === "probing" ? (
        <p>
          {paused === null ? (
            "The next probe is due now. "
          ) : (
            <>
              Next probe <CountdownWords at={paused} />.{" "}
            </>
          )}
          The first one that succeeds makes it healthy, and what waits is then sent gently. After five days without a
          success it is disabled.
        </p>
      ) : (
        <p>
          {paused === null ? null : (
            <>
              The receiver asked to wait until <Timestamp value={paused} /> (Retry-After).{" "}
            </>
          )}
          Deliveries are retried as set. If it goes on failing, it gets one request at a time.
        </p>
      )}
    </Alert>
  );
}

function Throttled({ until }: { until: string }) {
  return (
    <Alert tone="info" title="The receiver asked us to wait">
      Nothing is sent before <Timestamp value={until} />, <CountdownWords at={until} /> (Retry-After). Deliveries wait
      and are sent then; none is lost.
    </Alert>
  );
}
