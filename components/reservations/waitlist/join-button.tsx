"use client";
import { ListPlus } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import type { ButtonProps } from "@/components/ui/button";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { JoinInput } from "@/store/waitlist-api";
import { writeBlock } from "../words";
import { JoinDialog } from "./join-dialog";

export type JoinWaitlistButtonProps = Pick<ButtonProps, "variant" | "size"> & {
  /** What the form starts with; of a refused booking for instance. */
  criteria?: Partial<JoinInput> | undefined;
  zone?: string | undefined;
};

/** Opens the form to wait for GPUs that are not free. */
export function JoinWaitlistButton({ criteria = {}, zone, ...button }: JoinWaitlistButtonProps) {
  const { project, can } = useProject();
  const [open, setOpen] = useState(false);
  const blocked =
    project.plan === "premium" ? writeBlock(can) : "This project is on the free plan: reserving is part of premium.";
  return (
    <>
      <GuardedButton {...button} blocked={blocked} onClick={() => setOpen(true)}>
        <ListPlus aria-hidden="true" />
        Join the waiting list
      </GuardedButton>
      <JoinDialog open={open} onOpenChange={setOpen} criteria={criteria} zone={zone} />
    </>
  );
}
