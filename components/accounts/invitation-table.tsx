"use client";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Invitation } from "@/lib/contracts/accounts";
import { useRevokeInvitationMutation } from "@/store/accounts-api";

/** Invitations that nobody has taken up yet. */
export function InvitationTable({ invitations }: { invitations: readonly Invitation[] }) {
  return (
    <Table label="Open invitations" density="relaxed">
      <THead>
        <TR>
          <TH>E-mail</TH>
          <TH>Role</TH>
          <TH>Invited</TH>
          <TH>Expires</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {invitations.map((invitation) => (
          <TR key={invitation.id}>
            <TD stackAs="full" className="max-md:font-medium">
              {invitation.email}
            </TD>
            <TD label="Role">{invitation.role}</TD>
            <TD label="Invited">
              <RelativeTime value={invitation.created_at} />
            </TD>
            <TD label="Expires">
              <RelativeTime value={invitation.expires_at} />
            </TD>
            <TD stackAs="full" align="end" className="max-md:pt-2!">
              <WithdrawDialog invitation={invitation} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function WithdrawDialog({ invitation: { id, email } }: { invitation: Invitation }) {
  const { project } = useProject();
  const [revoke] = useRevokeInvitationMutation();
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Withdraw the invitation of ${email}`}>
          Withdraw
        </Button>
      }
      title="Withdraw this invitation?"
      description={`The link that was made for ${email} stops working at once.`}
      confirmLabel="Withdraw invitation"
      onConfirm={async () => {
        await revoke({ projectId: project.id, invitationId: id }).unwrap();
        toast.success(`The invitation of ${email} is withdrawn`);
      }}
      describeError={errorWords}
    />
  );
}
