"use client";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ChangeList } from "./change-list";
import type { FactChange } from "./fact-words";

export type ConflictNoticeProps = {
  /** What is different now from what the reader saw; empty when it is not known. */
  changes: readonly FactChange[];
  onLoad: () => void;
  loading: boolean;
};

/** Somebody changed the reservation while the reader worked on it: what changed, and the way to go on. */
export function ConflictNotice({ changes, onLoad, loading }: ConflictNoticeProps) {
  return (
    <Alert
      tone="caution"
      live
      title="Somebody changed this reservation meanwhile"
      actions={
        <Button onClick={onLoad} loading={loading}>
          Load the new one
        </Button>
      }
    >
      Nothing of yours was saved.
      {changes.length === 0 ? null : <ChangeList changes={changes} />}
    </Alert>
  );
}
