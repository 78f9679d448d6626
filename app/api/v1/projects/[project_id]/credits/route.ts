import { getCredits } from "@/lib/contracts/credits";
import * as summary from "@/lib/credits/summary";
import { route } from "@/lib/http/route";

export const GET = route(getCredits, ({ actor }) => summary.getCredits(actor));
