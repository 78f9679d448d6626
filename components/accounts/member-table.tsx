"use client";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Member } from "@/lib/contracts/accounts";
import { RemoveMemberDialog } from "./remove-member-dialog";
import { RoleCell } from "./role-cell";
import { removeBlock, type Self } from "./role-rules";

/** The members with their roles, in the order in which they joined. */
export function MemberTable({ members }: { members: readonly Member[] }) {
  const { project, user, can } = useProject();
  const self: Self = { userId: user.id, role: project.role, mayManage: can("members:manage") };
  return (
    <Table label="Members" density="relaxed">
      <THead>
        <TR>
          <TH>Member</TH>
          <TH>Role</TH>
          <TH>Joined</TH>
          <TH>Last signed in</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {members.map((member) => {
          const isSelf = member.user_id === user.id;
          return (
            <TR key={member.id}>
              <TD stackAs="full" className="py-2 max-md:pt-0!">
                <span className="min-w-0">
                  <span className="flex items-center gap-2 font-medium">
                    <span className="truncate max-md:whitespace-normal md:max-w-80">{member.name}</span>
                    {isSelf ? <Badge tone="accent">you</Badge> : null}
                  </span>
                  <span className="block break-all text-ink-muted text-xs">{member.email}</span>
                </span>
              </TD>
              <TD stackAs="full" className="py-2 max-md:py-1! md:whitespace-normal">
                <RoleCell member={member} members={members} self={self} />
              </TD>
              <TD label="Joined">
                <RelativeTime value={member.created_at} />
              </TD>
              <TD label="Last signed in">
                {member.last_login_at === null ? "–" : <RelativeTime value={member.last_login_at} />}
              </TD>
              <TD stackAs="full" align="end" className="max-md:pt-2!">
                <RemoveMemberDialog
                  member={member}
                  trigger={
                    <GuardedButton
                      size="sm"
                      blocked={removeBlock({ member, members, self })}
                      aria-label={isSelf ? "Leave the project" : `Remove ${member.name}`}
                    >
                      {isSelf ? "Leave" : "Remove"}
                    </GuardedButton>
                  }
                />
              </TD>
            </TR>
          );
        })}
      </TBody>
    </Table>
  );
}
