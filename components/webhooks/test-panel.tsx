"use client";
import { FlaskConical, X } from "lucide-react";
import Link from "next/link";
import { deliveryHref } from "@/components/deliveries/links";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { formatNumber } from "@/components/ui/format";
import { IdText } from "@/components/ui/id-text";
import { StatusBadge } from "@/components/ui/status-badge";
import { Timestamp } from "@/components/ui/timestamp";
import { useNow } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import { attemptResult, excerpt, forgeryVerdict, progressOf } from "@/components/webhooks/test-words";
import { useTestDelivery } from "@/components/webhooks/use-test-delivery";
import type { TestSignature } from "@/components/webhooks/use-webhook-actions";
import type { Attempt, Delivery } from "@/lib/contracts/deliveries";

/** A test that no worker has taken after this long, in ms, is worth a word: they take one within a second. */
const SLOW_MS = 8000;
const EXCERPT_LENGTH = 600;

export type TestPanelProps = {
  deliveryId: string;
  sendBlocked: string | undefined;
  sending: boolean;
  /** Whether there is a signature that could be forged. */
  signs: boolean;
  onSendAgain: (signature: TestSignature) => void;
  onClose: () => void;
};

/** What becomes of a test, as it happens. */
export function TestPanel({ deliveryId, sendBlocked, sending, signs, onSendAgain, onClose }: TestPanelProps) {
  const { project } = useProject();
  const { delivery, attempts, forged, error, retry, retrying } = useTestDelivery(project.id, deliveryId);
  return (
    <section aria-label="Test">
      <Card>
        <CardHeader
          title={
            <span className="inline-flex items-center gap-2">
              <FlaskConical aria-hidden="true" className="size-4 text-ink-muted" />
              {forged ? "Forged test event" : "Test event"}
              <Badge>test</Badge>
            </span>
          }
          description={
            forged
              ? "A webhook.test event whose signature nobody could have made; a good receiver refuses it"
              : "A webhook.test event, signed and logged like any other"
          }
          actions={
            <>
              <GuardedButton size="sm" blocked={sendBlocked} loading={sending} onClick={() => onSendAgain("valid")}>
                {forged ? "Send valid test" : "Send another"}
              </GuardedButton>
              {signs ? (
                <GuardedButton
                  size="sm"
                  blocked={sendBlocked}
                  loading={sending}
                  onClick={() => onSendAgain("tampered")}
                >
                  {forged ? "Send another forged" : "Send forged test"}
                </GuardedButton>
              ) : null}
              <Button variant="ghost" size="icon-sm" aria-label="Close the test" onClick={onClose}>
                <X aria-hidden="true" />
              </Button>
            </>
          }
        />
        <CardBody className="flex flex-col gap-3">
          {error && !delivery ? (
            <LoadError error={error} onRetry={retry} retrying={retrying} className="py-4" />
          ) : (
            <TestProgress delivery={delivery} attempts={attempts} forged={forged} />
          )}
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Link href={deliveryHref(deliveryId)} className="font-medium text-accent text-sm hover:underline">
              Open the delivery with everything sent and received
            </Link>
            <IdText value={deliveryId} label="delivery id" className="text-ink-muted" />
          </p>
        </CardBody>
      </Card>
    </section>
  );
}

type TestProgressProps = { delivery: Delivery | undefined; attempts: readonly Attempt[]; forged: boolean };

function TestProgress({ delivery, attempts, forged }: TestProgressProps) {
  const { tone, text } = delivery
    ? progressOf(delivery)
    : progressOf({ status: "pending", attempt_count: 0, max_attempts: 1 });
  const last = attempts.at(-1);
  const verdict = forged && last ? forgeryVerdict(last) : undefined;
  return (
    <>
      {verdict ? (
        <Alert tone={verdict.tone} title={verdict.title} live>
          {verdict.text}
        </Alert>
      ) : (
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span role="status">
            <StatusBadge tone={tone}>{text}</StatusBadge>
          </span>
          {delivery ? <Waiting delivery={delivery} /> : null}
        </div>
      )}
      {attempts.length === 0 ? null : (
        <ol className="flex flex-col gap-1.5 border-line border-l pl-4 text-sm">
          {attempts.map((attempt) => (
            <AttemptLine key={attempt.number} attempt={attempt} forged={forged} />
          ))}
        </ol>
      )}
      {last?.response && last.response.body !== "" ? <Answer body={last.response.body} /> : null}
    </>
  );
}

/** What happens next, and when: nothing is claimed that has not happened. */
function Waiting({ delivery }: { delivery: Delivery }) {
  const now = useNow();
  if (now === undefined || delivery.status !== "pending") return null;
  if (delivery.attempt_count === 0) {
    if (now - Date.parse(delivery.created_at) < SLOW_MS) return null;
    return (
      <span className="text-caution text-sm">
        No worker has taken it yet. Is one running?{" "}
        <a href="/api/health" className="underline">
          /api/health
        </a>{" "}
        tells.
      </span>
    );
  }
  if (delivery.next_attempt_at === null) return null;
  return (
    <span className="text-ink-muted text-sm tabular-nums">
      Next attempt <CountdownWords at={delivery.next_attempt_at} />
    </span>
  );
}

function AttemptLine({ attempt, forged }: { attempt: Attempt; forged: boolean }) {
  const accepted = attempt.http_status !== null && attempt.http_status >= 200 && attempt.http_status < 300;
  // A forged test is to be refused: then that is the good answer.
  const ok = forged ? forgeryVerdict(attempt).tone === "positive" : accepted;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <span className="text-ink-muted">Attempt {attempt.number}</span>
      <span className={cn("font-medium tabular-nums", !ok && "text-danger")}>{attemptResult(attempt)}</span>
      <Timestamp value={attempt.started_at} date="never" className="text-ink-muted text-xs" />
      {attempt.error_message === null || (forged && ok) ? null : (
        <span className="min-w-0 basis-full break-words text-ink-muted text-xs">{attempt.error_message}</span>
      )}
    </li>
  );
}

function Answer({ body }: { body: string }) {
  const { text, rest } = excerpt(body, EXCERPT_LENGTH);
  return (
    <CodeBlock
      code={text}
      copyValue={body}
      wrap
      maxHeight="10rem"
      label={
        rest === 0
          ? "Response body"
          : `Response body, the first ${formatNumber(text.length)} of ${formatNumber(text.length + rest)} characters`
      }
      copyLabel="Copy response body"
    />
  );
}
