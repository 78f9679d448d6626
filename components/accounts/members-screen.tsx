"use client";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Card, Section } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { GuardedButton, ReadOnlyNote } from "@/components/webhooks/guarded";
import { useListInvitationsQuery, useListMembersQuery } from "@/store/accounts-api";
import { InvitationTable } from "./invitation-table";
import { InviteDialog, type InviteState } from "./invite-dialog";
import { MemberTable } from "./member-table";
import { RoleMatrix } from "./role-matrix";

const BLOCKED = "Only owners and admins invite, change and remove members.";

/** Who belongs to the project and who is invited. */
export function MembersScreen() {
  const { project, can } = useProject();
  const [dialog, setDialog] = useState<InviteState>({ open: false, made: false });
  const [showsRoles, setShowsRoles] = useState(false);
  const blocked = can("members:manage") ? undefined : BLOCKED;
  return (
    <>
      <PageHeader
        title="Members"
        description={`Who can see ${project.name}, and what they may do in it.`}
        actions={
          <InviteDialog
            state={dialog}
            onChange={setDialog}
            trigger={
              <GuardedButton blocked={blocked} variant="primary">
                <UserPlus aria-hidden="true" />
                Invite
              </GuardedButton>
            }
          />
        }
      />
      {blocked === undefined ? null : <ReadOnlyNote>{blocked}</ReadOnlyNote>}
      <Card>
        <Members />
      </Card>
      {blocked === undefined ? (
        <Section title="Open invitations">
          <Card>
            <Invitations />
          </Card>
        </Section>
      ) : null}
      <Card className="p-4">
        <Disclosure
          open={showsRoles}
          onOpenChange={setShowsRoles}
          title="What each role may do"
          description="Owner, admin, member and viewer side by side"
        >
          <div className="-mx-4 -mb-4 border-line border-t">
            <RoleMatrix />
          </div>
        </Disclosure>
      </Card>
    </>
  );
}

function Members() {
  const { project } = useProject();
  const members = useListMembersQuery({ projectId: project.id });
  if (members.currentData) return <MemberTable members={members.currentData} />;
  if (members.error) {
    return <LoadError error={members.error} onRetry={members.refetch} retrying={members.isFetching} />;
  }
  return <SkeletonRows rows={3} label="Loading members" className="[&>div]:h-14" />;
}

function Invitations() {
  const { project } = useProject();
  const invitations = useListInvitationsQuery({ projectId: project.id });
  if (invitations.currentData === undefined) {
    if (invitations.error) {
      return <LoadError error={invitations.error} onRetry={invitations.refetch} retrying={invitations.isFetching} />;
    }
    return <SkeletonRows rows={2} label="Loading invitations" className="[&>div]:h-11" />;
  }
  if (invitations.currentData.length === 0) {
    return (
      <p className="px-4 py-3 text-ink-muted">
        None. “Invite” makes a link that you send yourself; it works once, for 7 days.
      </p>
    );
  }
  return <InvitationTable invitations={invitations.currentData} />;
}
