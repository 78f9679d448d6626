"use client";
import { useState } from "react";
import { creditsWords } from "@/components/reservations/money-words";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { type AdminCredits, CREDIT_LIMITS, type CreditGrantView } from "@/lib/contracts/credits";
import { describeError } from "@/store/api-error";
import { useListAdminGrantsInfiniteQuery, useVoidGrantMutation } from "@/store/credits-api";
import { parseCredits } from "./amount";
import { GrantTable } from "./grant-table";
import { SOURCE_WORDS } from "./words";

/** A project's grants, each of which can be taken back as far as it is not held or spent. */
export function AdminGrantsDialog({ project }: { project: AdminCredits["project"] }) {
  return (
    <Dialog
      trigger={
        <Button size="sm" aria-label={`Grants of ${project.name}`}>
          Grants
        </Button>
      }
      size="xl"
      title={`Grants of ${project.name}`}
      description="What is held for reservations or spent stays as it is; the rest can be taken back."
    >
      <DialogBody className="px-0">
        <Grants projectId={project.id} />
      </DialogBody>
    </Dialog>
  );
}

function Grants({ projectId }: { projectId: string }) {
  const query = useListAdminGrantsInfiniteQuery({ projectId });
  return (
    <PagedList
      query={query}
      noun={["grant", "grants"]}
      loading="Loading grants"
      empty={<EmptyState title="No grants yet">This project has never had credits.</EmptyState>}
    >
      {(grants) => (
        <GrantTable
          grants={grants}
          action={(grant) => (grant.available_micros > 0 ? <TakeBack grant={grant} /> : null)}
        />
      )}
    </PagedList>
  );
}

function TakeBack({ grant }: { grant: CreditGrantView }) {
  const [voidGrant] = useVoidGrantMutation();
  const [amount, setAmount] = useState("");
  const [note, setNote] = useState("");
  const part = parseCredits(amount);
  const partly = amount.trim() !== "";
  const takeBack = async () => {
    if (partly && part === null)
      throw new Error("Enter the credits as a number such as 12.5, or leave it empty for all.");
    const body = { note, ...(part === null ? {} : { amount_micros: part }) };
    const { error } = await voidGrant({ grantId: grant.id, body });
    if (error) throw new Error(describeError(error).detail);
    toast.success("Taken back");
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="ghost">
          Take back
        </Button>
      }
      title="Take back this grant?"
      description={`${creditsWords(grant.available_micros)} of it (${SOURCE_WORDS[grant.source].toLowerCase()}) can be taken back. The project can then no longer spend them.`}
      confirmLabel={partly ? "Take back a part" : "Take back all of it"}
      onConfirm={takeBack}
    >
      <Field label="Only so many credits" optional hint="Empty: all that is left.">
        <Input
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      </Field>
      <Field label="Note" optional hint="Stands in the project's ledger.">
        <Input
          autoComplete="off"
          maxLength={CREDIT_LIMITS.noteLength}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
