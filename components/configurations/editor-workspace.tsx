"use client";
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { GuardedButton, ReadOnlyNote } from "@/components/webhooks/guarded";
import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import type { ConfigVariant } from "@/lib/contracts/configurations";
import { readLaunchText, type TextFormat } from "@/lib/contracts/launch-text";
import { CodeEditor, type CodeEditorHandle } from "./code-editor";
import { CommitDialog } from "./commit-dialog";
import { useConfig } from "./config-context";
import { ConflictNotice } from "./conflict-notice";
import { type Draft, draftOf, isStarter, keepDraft, keptDraft, switchFormat } from "./draft";
import { ProblemList } from "./problem-list";

type EditorWorkspaceProps = {
  variant: ConfigVariant;
  /** The newest version; null before the first. */
  head: ConfigVersionDetail | null;
  /** The version to begin from instead of the newest. */
  origin: ConfigVersionDetail | null;
};

/** Writes the next version of a variant. What is written stays when somebody else commits meanwhile. */
export function EditorWorkspace({ variant, head, origin }: EditorWorkspaceProps) {
  const { blocked } = useConfig();
  const editor = useRef<CodeEditorHandle>(null);
  const [draft, setDraft] = useState<Draft>(
    () => (origin ? undefined : keptDraft(variant.id)) ?? draftOf(origin ?? head, variant.head),
  );
  const [reviewing, setReviewing] = useState(false);
  const hintId = useId();
  const deferred = useDeferredValue(draft);
  const { problems } = useMemo(() => readLaunchText(deferred.source, deferred.format), [deferred]);
  const isChanged = draft.source !== (head?.source ?? "") || draft.format !== (head?.format ?? draft.format);
  // Right after a commit of one's own the configuration is still being read again.
  const isBehind = variant.head > draft.base;
  useKept(variant.id, draft, isChanged && !isStarter(draft) && blocked === undefined);

  const change = (source: string) => setDraft((former) => (former.source === source ? former : { ...former, source }));
  const choose = (format: TextFormat) => {
    const switched = switchFormat(draft, format);
    if (switched === null)
      toast.error("Mend the text first", { description: "It cannot be read, so it cannot be converted." });
    else setDraft(switched);
  };
  const startOver = () => setDraft(draftOf(head, variant.head));

  return (
    <div className="flex min-w-0 flex-col gap-3">
      {blocked === undefined ? null : <ReadOnlyNote>{blocked}</ReadOnlyNote>}
      {isBehind && head?.version === variant.head ? (
        <ConflictNotice
          draft={draft}
          head={head}
          isChanged={isChanged}
          onRebase={() => setDraft({ ...draft, base: variant.head })}
          onStartOver={startOver}
        />
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Segmented<TextFormat>
          label="Format of the text"
          value={draft.format}
          onValueChange={choose}
          options={[
            { value: "yaml", label: "YAML" },
            { value: "json", label: "JSON" },
          ]}
        />
        <div className="flex flex-wrap items-center gap-2">
          {isChanged && head !== null && blocked === undefined ? (
            <Button variant="ghost" onClick={startOver}>
              Discard changes
            </Button>
          ) : null}
          <GuardedButton
            variant="primary"
            blocked={blocked ?? whyNot({ problems: problems.length, isChanged, isBehind })}
            onClick={() => setReviewing(true)}
          >
            Review and commit
          </GuardedButton>
        </div>
      </div>
      <CodeEditor
        ref={editor}
        value={draft.source}
        format={draft.format}
        readOnly={blocked !== undefined}
        onChange={change}
        label={`Text of ${variant.name}`}
        describedBy={hintId}
      />
      <p id={hintId} className="text-ink-muted text-xs">
        Tab indents; press Escape and then Tab to leave the editor. Nothing in the text is secret: everybody in the
        project reads it.
      </p>
      <ProblemList problems={problems} onGoTo={(problem) => editor.current?.goTo(problem)} />
      <CommitDialog
        open={reviewing}
        onOpenChange={setReviewing}
        variant={variant.name}
        draft={draft}
        head={head}
        onCommitted={(version) => {
          setReviewing(false);
          setDraft({ ...draft, base: version });
        }}
        onConflict={() => setReviewing(false)}
      />
    </div>
  );
}

function whyNot(state: { problems: number; isChanged: boolean; isBehind: boolean }): string | undefined {
  if (state.isBehind) return "Somebody committed meanwhile: decide above what becomes of your text.";
  if (state.problems > 0) return "Mend what is wrong with the text first.";
  return state.isChanged ? undefined : "Nothing is changed.";
}

/** Keeps the draft while other pages are looked at, and lets the browser ask before it is lost. */
function useKept(variantId: string, draft: Draft, isChanged: boolean): void {
  useEffect(() => {
    keepDraft(variantId, isChanged ? draft : null);
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [variantId, draft, isChanged]);
}
