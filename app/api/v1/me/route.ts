import * as accounts from "@/lib/accounts/me";
import { getMe } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const GET = route(getMe, ({ principal }) => accounts.getMe(principal));
