import * as invitations from "@/lib/accounts/invitations";
import { createInvitation, listInvitations } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const GET = route(listInvitations, async ({ actor }) => ({
  data: await invitations.listInvitations(actor),
  next_cursor: null,
}));

export const POST = route(createInvitation, ({ actor, body }) => invitations.createInvitation(actor, body));
