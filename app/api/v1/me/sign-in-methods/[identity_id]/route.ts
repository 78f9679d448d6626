import * as methods from "@/lib/accounts/sign-in-methods";
import { unlinkSignInMethod } from "@/lib/contracts/profile";
import { route } from "@/lib/http/route";

export const DELETE = route(unlinkSignInMethod, async ({ principal, params }) => {
  await methods.unlinkSignInMethod(principal, params.identity_id);
  return undefined;
});
