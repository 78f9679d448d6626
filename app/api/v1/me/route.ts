import * as accounts from "@/lib/accounts/me";
import * as profile from "@/lib/accounts/profile";
import { getMe } from "@/lib/contracts/accounts";
import { updateMe } from "@/lib/contracts/profile";
import { route } from "@/lib/http/route";

export const GET = route(getMe, ({ principal }) => accounts.getMe(principal));

export const PATCH = route(updateMe, ({ principal, body }) => profile.rename(principal, body.name));
