import * as accounts from "@/lib/accounts/setup";
import { setUp } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const POST = route(setUp, ({ body }) => accounts.setUp(body));
