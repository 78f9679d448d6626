import { listAdminCredits } from "@/lib/contracts/credits";
import * as credits from "@/lib/credits/service";
import { route } from "@/lib/http/route";

export const GET = route(listAdminCredits, ({ admin, query }) => credits.listAdminCredits(admin, query));
