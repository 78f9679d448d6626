import * as profile from "@/lib/accounts/profile";
import { changeEmail } from "@/lib/contracts/profile";
import { clientAddress } from "@/lib/http/client-address";
import { route } from "@/lib/http/route";

export const POST = route(changeEmail, ({ principal, body, request }) =>
  profile.changeEmail(principal, body, clientAddress(request)),
);
