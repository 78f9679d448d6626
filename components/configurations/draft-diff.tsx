"use client";
import { useMemo } from "react";
import { compareTemplates, compareTexts } from "@/lib/contracts/config-diff";
import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import { convertLaunchText, readLaunchText } from "@/lib/contracts/launch-text";
import { DiffView } from "./diff-view";
import type { Draft } from "./draft";
import { FieldChanges } from "./field-changes";
import { diffWords, versionWords } from "./words";

/** What the draft changes of the newest version. */
export function DraftDiff({ draft, head }: { draft: Draft; head: ConfigVersionDetail | null }) {
  const diff = useMemo(() => {
    const { template } = readLaunchText(draft.source, draft.format);
    const before =
      head === null
        ? ""
        : head.format === draft.format
          ? head.source
          : (convertLaunchText(head.source, head.format, draft.format) ?? head.source);
    return {
      changes: template ? compareTemplates(head?.content ?? null, template) : [],
      lines: compareTexts(before, draft.source),
    };
  }, [draft, head]);
  const from = head === null ? "nothing" : versionWords(head);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-sm">{diffWords(diff)}</p>
      <FieldChanges changes={diff.changes} from={from} to="your text" />
      <DiffView lines={diff.lines} from={from} to="your text" maxHeight="20rem" />
    </div>
  );
}
