"use client";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import type { Draft } from "./draft";
import { DraftDiff } from "./draft-diff";
import { versionWords } from "./words";

type ConflictNoticeProps = {
  draft: Draft;
  head: ConfigVersionDetail;
  isChanged: boolean;
  /** The text stays and is taken for made from the newest version. */
  onRebase: () => void;
  onStartOver: () => void;
};

/** Somebody committed while this was written. The text stays until its writer decides. */
export function ConflictNotice({ draft, head, isChanged, onRebase, onStartOver }: ConflictNoticeProps) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <Alert
        tone="caution"
        live
        title={`${versionWords(head)} was committed meanwhile`}
        actions={
          <>
            {isChanged ? (
              <>
                <Button size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
                  {shown ? "Hide the differences" : "Show the differences"}
                </Button>
                <Button size="sm" onClick={onRebase}>
                  Keep my text
                </Button>
              </>
            ) : null}
            <ConfirmDialog
              trigger={<Button size="sm">Take {versionWords(head)}</Button>}
              title="Discard your text?"
              description={`The editor then shows ${versionWords(head)} as it was committed.`}
              confirmLabel="Discard my text"
              onConfirm={onStartOver}
            />
          </>
        }
      >
        By {head.created_by.name}
        {head.message === "" ? "" : `: “${head.message}”`}. Your text was made from{" "}
        {draft.base === 0 ? "nothing" : `version ${draft.base}`} and is still here. Look at the differences, take over
        what you want, and keep your text.
      </Alert>
      {shown ? (
        <Card>
          <CardBody>
            <DraftDiff draft={draft} head={head} />
          </CardBody>
        </Card>
      ) : null}
    </>
  );
}
