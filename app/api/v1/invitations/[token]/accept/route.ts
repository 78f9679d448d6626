import * as invitations from "@/lib/accounts/invitations";
import { acceptInvitation } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const POST = route(acceptInvitation, ({ principal, params, body }) =>
  invitations.acceptInvitation(principal, { token: params.token, ...body }),
);
