"use client";
import { formatRelative, formatUtc, type Moment, toMs } from "./format";
import { Timestamp } from "./timestamp";
import { useNow } from "./use-now";

export type RelativeTimeProps = { value: Moment; className?: string | undefined };

/** How long ago, or how long until; counts by itself. Hovering or focusing it opens the exact time. */
export function RelativeTime({ value, className }: RelativeTimeProps) {
  return (
    <Timestamp value={value} className={className}>
      <RelativeWords value={value} />
    </Timestamp>
  );
}

/** The words alone, for inside other buttons and links. */
export function RelativeWords({ value }: { value: Moment }) {
  const now = useNow();
  const ms = toMs(value);
  if (!Number.isFinite(ms)) return <span>–</span>;
  return (
    <time dateTime={new Date(ms).toISOString()}>{now === undefined ? formatUtc(ms) : formatRelative(ms, now)}</time>
  );
}
