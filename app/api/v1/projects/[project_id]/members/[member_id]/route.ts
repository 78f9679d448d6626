import * as members from "@/lib/accounts/members";
import { removeMember, updateMember } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const PATCH = route(updateMember, ({ actor, params, body }) =>
  members.changeRole(actor, { memberId: params.member_id, role: body.role }),
);

export const DELETE = route(removeMember, async ({ actor, params }) => {
  await members.removeMember(actor, params.member_id);
  return undefined;
});
