import * as members from "@/lib/accounts/members";
import { listMembers } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const GET = route(listMembers, async ({ actor }) => ({
  data: await members.listMembers(actor),
  next_cursor: null,
}));
