import * as invitations from "@/lib/accounts/invitations";
import { revokeInvitation } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const DELETE = route(revokeInvitation, async ({ actor, params }) => {
  await invitations.revokeInvitation(actor, params.invitation_id);
  return undefined;
});
