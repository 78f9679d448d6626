"use client";
import type { ReactNode } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Member } from "@/lib/contracts/accounts";
import { useRemoveMemberMutation } from "@/store/accounts-api";

type RemoveMemberDialogProps = { member: Member; trigger: ReactNode };

/** Asks before a member is removed, or before one leaves. */
export function RemoveMemberDialog({ member, trigger }: RemoveMemberDialogProps) {
  const { project, user } = useProject();
  const [remove] = useRemoveMemberMutation();
  const leaves = member.user_id === user.id;
  return (
    <ConfirmDialog
      trigger={trigger}
      title={leaves ? `Leave ${project.name}?` : `Remove ${member.name}?`}
      description={
        leaves ? (
          <>
            You lose access to {project.name} at once, and invitations that you sent and nobody took up are withdrawn.
            API keys that you made keep working. To come back you need an invitation.
          </>
        ) : (
          <>
            {member.email} loses access to {project.name} at once, and invitations that they sent and nobody took up are
            withdrawn. API keys that they made or know keep working: revoke those separately.
          </>
        )
      }
      confirmLabel={leaves ? "Leave project" : "Remove member"}
      onConfirm={async () => {
        await remove({ projectId: project.id, memberId: member.id }).unwrap();
        if (leaves) {
          // A full load: nothing of the project that was left may stay on the screen or in the store.
          window.location.assign("/app");
          return;
        }
        toast.success(`${member.name} is no longer a member`);
      }}
      describeError={errorWords}
    />
  );
}
