"use client";
import { RelativeWords } from "@/components/ui/relative-time";
import { Timestamp } from "@/components/ui/timestamp";
import { useNow } from "@/components/ui/use-now";
import { countdownText } from "./countdown";

export type NextAttemptProps = {
  /** When a pending delivery is due, ISO 8601; null when nothing more is planned. */
  at: string | null;
  /** The webhook of a pending delivery is disabled: it waits, however long ago it was due. */
  paused?: boolean | undefined;
  className?: string | undefined;
};

/** The time left until the next attempt, counting down; the exact time on hover and focus. */
export function NextAttempt({ at, paused = false, className }: NextAttemptProps) {
  if (paused) return <span title="Goes on when the webhook is enabled">paused</span>;
  if (at === null) return <span className="text-ink-faint">–</span>;
  return (
    <Timestamp value={at} className={className}>
      <CountdownWords at={at} />
    </Timestamp>
  );
}

/** The words alone. */
export function CountdownWords({ at }: { at: string }) {
  const now = useNow();
  if (now === undefined) return <RelativeWords value={at} />;
  return <span>{countdownText(Date.parse(at), now)}</span>;
}
