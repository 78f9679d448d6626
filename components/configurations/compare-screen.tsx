"use client";
import { ArrowLeftRight, GitCompare } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { LoadError } from "@/components/shell/load-error";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ConfigVersion } from "@/lib/contracts/config-versions";
import { useDiffConfigVersionsQuery, useListRecentVersionsQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { DiffView } from "./diff-view";
import { FieldChanges } from "./field-changes";
import { VersionSelect } from "./version-select";
import { diffWords, versionWords } from "./words";

/** Any two versions beside each other. */
export function CompareScreen() {
  const { arg } = useConfig();
  const { currentData, error, isFetching, refetch } = useListRecentVersionsQuery(arg);
  if (currentData === undefined) {
    return error ? (
      <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
    ) : (
      <SkeletonRows rows={5} label="Loading versions" />
    );
  }
  if (currentData.length < 2) {
    return (
      <EmptyState icon={<GitCompare />} title="Nothing to compare yet">
        Two versions are needed; this configuration has {currentData.length === 1 ? "one" : "none"}.
      </EmptyState>
    );
  }
  return <Compare versions={currentData} />;
}

function Compare({ versions }: { versions: readonly ConfigVersion[] }) {
  const search = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const newest = versions[0];
  const to = versions.find(({ id }) => id === search.get("to")) ?? newest;
  const from =
    versions.find(({ id }) => id === search.get("from")) ??
    versions.find(({ id }) => id === to?.parent?.id) ??
    versions[1];
  if (from === undefined || to === undefined) return null;
  const choose = (chosen: { from: string; to: string }) =>
    router.replace(`${pathname}?${new URLSearchParams(chosen)}`, { scroll: false });
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] lg:max-w-2xl">
        <Field label="From">
          <VersionSelect versions={versions} value={from.id} onValueChange={(id) => choose({ from: id, to: to.id })} />
        </Field>
        <IconButton
          label="Swap the two"
          icon={<ArrowLeftRight aria-hidden="true" />}
          onClick={() => choose({ from: to.id, to: from.id })}
        />
        <Field label="To">
          <VersionSelect versions={versions} value={to.id} onValueChange={(id) => choose({ from: from.id, to: id })} />
        </Field>
      </div>
      <Difference key={`${from.id} ${to.id}`} from={from} to={to} />
    </div>
  );
}

function Difference({ from, to }: { from: ConfigVersion; to: ConfigVersion }) {
  const { arg } = useConfig();
  const query = useDiffConfigVersionsQuery({ ...arg, from: from.id, to: to.id });
  const { currentData: diff, error } = query;
  if (diff === undefined) {
    return error ? (
      <LoadError error={error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
    ) : (
      <SkeletonRows rows={8} label="Comparing" />
    );
  }
  const words = { from: versionWords(diff.from), to: versionWords(diff.to) };
  return (
    <>
      <p role="status" className="text-sm">
        {diffWords(diff)}
      </p>
      <FieldChanges changes={diff.changes} {...words} />
      <DiffView lines={diff.lines} {...words} maxHeight="48rem" />
    </>
  );
}
