import * as profile from "@/lib/accounts/profile";
import { changePassword } from "@/lib/contracts/profile";
import { clientAddress } from "@/lib/http/client-address";
import { route } from "@/lib/http/route";

export const POST = route(changePassword, async ({ principal, body, request }) => {
  const cookie = await profile.changePassword(principal, body, clientAddress(request));
  return new Response(null, { status: 204, headers: { "set-cookie": cookie, "cache-control": "private, no-store" } });
});
