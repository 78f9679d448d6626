"use client";
import { Minus, Pencil, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { cn } from "@/components/ui/cn";
import { Disclosure } from "@/components/ui/disclosure";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Timestamp } from "@/components/ui/timestamp";
import type { AttemptChange, AttemptDiff, DiffSection } from "@/lib/contracts/attempts";
import { useGetAttemptDiffQuery } from "@/store/deliveries-api";
import { deliveryHref, inlineLinkClass } from "./links";

/** An attempt beside the last success of its webhook: what is different now. */
export function AttemptCompare({ deliveryId, number }: { deliveryId: string; number: number }) {
  const { project } = useProject();
  const { data, error, isFetching, refetch } = useGetAttemptDiffQuery({ projectId: project.id, deliveryId, number });
  if (data === undefined && (error === undefined || isFetching)) {
    return (
      <div role="status" className="flex flex-col gap-2">
        <span className="sr-only">Comparing</span>
        <Skeleton className="h-4 w-64" />
        <Skeleton className="h-24 w-full" />
      </div>
    );
  }
  if (data === undefined) return <LoadError error={error} onRetry={() => void refetch()} />;
  if (data.baseline === null) {
    return (
      <EmptyState title="No success to compare with" className="py-8">
        None of this webhook's recent deliveries before this attempt was answered with 2xx.
      </EmptyState>
    );
  }
  return <Comparison deliveryId={deliveryId} baseline={data.baseline} sections={data.sections} />;
}

type Baseline = NonNullable<AttemptDiff["baseline"]>;

function Comparison({
  deliveryId,
  baseline,
  sections,
}: {
  deliveryId: string;
  baseline: Baseline;
  sections: readonly DiffSection[];
}) {
  const [open, setOpen] = useState(false);
  const of = (expected: boolean) =>
    sections.map((section) => ({
      ...section,
      changes: section.changes.filter(({ kind }) => (kind === "expected") === expected),
    }));
  const telling = of(false).filter(({ changes, left_off }) => changes.length + left_off > 0);
  const expected = of(true).filter(({ changes }) => changes.length > 0);
  const count = expected.reduce((sum, { changes }) => sum + changes.length, 0);
  return (
    <div className="@container flex flex-col gap-4">
      <p className="text-ink-muted text-xs">
        Compared with{" "}
        {baseline.delivery_id === deliveryId ? (
          `attempt ${baseline.number} of this delivery`
        ) : (
          <>
            <Link href={deliveryHref(baseline.delivery_id)} className={inlineLinkClass}>
              attempt {baseline.number} of another delivery
            </Link>{" "}
            (<code className="font-mono">{baseline.event_type}</code>)
          </>
        )}
        , answered {baseline.http_status} at <Timestamp value={baseline.started_at} />
      </p>
      {telling.length === 0 ? (
        <p className="text-sm">Nothing is different except what differs every time.</p>
      ) : (
        telling.map((section) => <Changes key={section.name} section={section} />)
      )}
      {count === 0 ? null : (
        <Disclosure
          open={open}
          onOpenChange={setOpen}
          title={`${count} expected ${count === 1 ? "difference" : "differences"}`}
          description="Ids, times, signatures and small changes of time, which differ from one delivery to the next."
        >
          <div className="flex flex-col gap-4">
            {expected.map((section) => (
              <Changes key={section.name} section={{ ...section, left_off: 0 }} quiet />
            ))}
          </div>
        </Disclosure>
      )}
    </div>
  );
}

const SECTION_WORDS: Record<DiffSection["name"], string> = {
  request: "Request",
  response: "Response",
  timings: "Timings",
};

const KINDS: Record<AttemptChange["kind"], { word: string; icon: typeof Plus; className: string }> = {
  added: { word: "New", icon: Plus, className: "text-positive" },
  removed: { word: "Gone", icon: Minus, className: "text-danger" },
  changed: { word: "Changed", icon: Pencil, className: "text-caution" },
  expected: { word: "Expected", icon: Pencil, className: "text-ink-muted" },
};

function Changes({ section, quiet = false }: { section: DiffSection; quiet?: boolean }) {
  const name = SECTION_WORDS[section.name];
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <table aria-label={quiet ? `${name}, expected differences` : `${name}, differences`} className="w-full text-xs">
        <thead className="bg-surface-sunken text-ink-muted @max-lg:sr-only">
          <tr>
            <th scope="col" className="px-3 py-1.5 text-start font-medium">
              {name}
            </th>
            <th scope="col" className="w-[36%] py-1.5 pr-3 text-start font-medium">
              Last success
            </th>
            <th scope="col" className="w-[36%] py-1.5 pr-3 text-start font-medium">
              This attempt
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {section.changes.map((change) => (
            <ChangeRow key={change.path} change={change} />
          ))}
        </tbody>
      </table>
      {section.left_off === 0 ? null : (
        <p className="border-line border-t px-3 py-1.5 text-ink-muted text-xs">
          {section.left_off} more are not listed.
        </p>
      )}
    </div>
  );
}

function ChangeRow({ change: { path, before, after, kind } }: { change: AttemptChange }) {
  const { word, icon: Icon, className } = KINDS[kind];
  return (
    <tr className="align-top @max-lg:block @max-lg:px-3 @max-lg:py-2">
      <th scope="row" className="px-3 py-1.5 text-start font-normal @max-lg:block @max-lg:px-0">
        <span className="flex items-start gap-1.5">
          <Icon aria-hidden="true" className={cn("mt-0.5 size-3 shrink-0", className)} />
          <span className="sr-only">{word}: </span>
          <span className="font-mono text-ink [overflow-wrap:anywhere]">{path}</span>
        </span>
      </th>
      <Value value={before} sign="−" className={kind === "expected" ? "" : "bg-danger-soft"} />
      <Value value={after} sign="+" className={kind === "expected" ? "" : "bg-positive-soft"} />
    </tr>
  );
}

function Value({ value, sign, className }: { value: string | null; sign: string; className: string }) {
  return (
    <td className="py-1 pr-2 @max-lg:block @max-lg:pr-0">
      {value === null ? (
        <span className="px-1.5 text-ink-faint">
          <span aria-hidden="true">–</span>
          <span className="sr-only">not there</span>
        </span>
      ) : (
        <span className={cn("flex gap-1.5 rounded px-1.5 py-0.5 font-mono text-ink", className)}>
          <span aria-hidden="true" className="select-none">
            {sign}
          </span>
          <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{value}</span>
        </span>
      )}
    </td>
  );
}
