"use client";
import { Lock } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { errorWords, showError } from "@/components/webhooks/use-webhook-actions";
import type { Member } from "@/lib/contracts/accounts";
import { ROLE_DESCRIPTIONS, type Role, roleSchema } from "@/lib/contracts/permissions";
import { useUpdateMemberMutation } from "@/store/accounts-api";
import { grantableRoles, roleBlock, type Self } from "./role-rules";

type RoleCellProps = { member: Member; members: readonly Member[]; self: Self };

/** The role of a member: to choose from where the reader may, else as a word with the reason. */
export function RoleCell({ member, members, self }: RoleCellProps) {
  const blocked = roleBlock({ member, members, self });
  if (blocked === undefined) return <RoleSelect member={member} self={self} />;
  return (
    <span className="block">
      <span className="block">{member.role}</span>
      {/* To those who manage no members the page says so once. */}
      {self.mayManage ? (
        <span className="flex items-start gap-1 text-ink-muted text-xs">
          <Lock aria-hidden="true" className="mt-0.5 size-3 shrink-0" />
          {blocked}
        </span>
      ) : null}
    </span>
  );
}

function RoleSelect({ member, self }: { member: Member; self: Self }) {
  const router = useRouter();
  const { project } = useProject();
  const [update, { isLoading, originalArgs }] = useUpdateMemberMutation();
  const [asked, setAsked] = useState<{ role: Role; open: boolean } | null>(null);
  const isSelf = member.user_id === self.userId;

  const change = async (role: Role) => {
    await update({ projectId: project.id, memberId: member.id, role }).unwrap();
    toast.success(isSelf ? `You are now ${role}` : `${member.name} is now ${role}`, { id: `role-${member.id}` });
    // What the console shows depends on one's own role, which comes with the page.
    if (isSelf) router.refresh();
  };
  const choose = (value: string) => {
    const role = roleSchema.parse(value);
    if (role === member.role || isLoading) return;
    if (isSelf || role === "owner") setAsked({ role, open: true });
    else change(role).catch((error: unknown) => showError(`The role of ${member.name} was not changed`, error));
  };
  return (
    <>
      <Select
        size="sm"
        aria-label={`Role of ${member.name}`}
        value={isLoading ? (originalArgs?.role ?? member.role) : member.role}
        onValueChange={choose}
        options={grantableRoles(self).map((role) => ({
          value: role,
          label: role,
          description: ROLE_DESCRIPTIONS[role],
        }))}
        className="w-32"
      />
      {asked === null ? null : (
        <ConfirmDialog
          open={asked.open}
          onOpenChange={(open) => setAsked({ ...asked, open })}
          title={isSelf ? `Change your own role to ${asked.role}?` : `Make ${member.name} an owner?`}
          description={
            isSelf
              ? `${ROLE_DESCRIPTIONS[asked.role]}. You cannot give yourself the role of ${member.role} back; somebody else has to.`
              : "Owners may do everything, including removing you and every other owner."
          }
          confirmLabel={isSelf ? "Change my role" : "Make owner"}
          tone={isSelf ? "danger" : "primary"}
          onConfirm={() => change(asked.role)}
          describeError={errorWords}
        />
      )}
    </>
  );
}
