"use client";
import { CopyButton } from "./copy-button";
import { formatAtOffset, formatRelative, formatUnix, formatUtc } from "./format";
import { localOffset } from "./time-zone";
import { useNow } from "./use-now";

/** One moment in all the forms in which someone may need it, each ready to copy. Only in the browser. */
export function TimeDetails({ ms }: { ms: number }) {
  const now = useNow() ?? Date.now();
  const forms = [
    { name: "UTC", text: formatUtc(ms), copy: new Date(ms).toISOString() },
    { name: "Local", text: formatAtOffset(ms, localOffset(ms)) },
    { name: "Relative", text: formatRelative(ms, now) },
    { name: "Unix", text: formatUnix(ms) },
  ];
  return (
    <dl className="text-xs">
      {forms.map(({ name, text, copy }) => (
        <div key={name} className="flex items-center gap-3 rounded-md pl-2 hover:bg-hover">
          <dt className="w-14 text-ink-muted">{name}</dt>
          <dd className="flex flex-1 items-center justify-between gap-3">
            <span className="whitespace-nowrap tabular-nums">{text}</span>
            <CopyButton value={copy ?? text} label={`Copy ${name === "UTC" ? "UTC" : name.toLowerCase()} time`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
