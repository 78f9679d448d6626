import * as profile from "@/lib/accounts/profile";
import { signOutEverywhere } from "@/lib/contracts/profile";
import { route } from "@/lib/http/route";

export const POST = route(signOutEverywhere, async ({ principal }) => {
  const cookie = await profile.signOutEverywhere(principal);
  return new Response(null, { status: 204, headers: { "set-cookie": cookie, "cache-control": "private, no-store" } });
});
