import { getAvailability } from "@/lib/contracts/availability";
import { route } from "@/lib/http/route";
import * as availability from "@/lib/reservations/availability";

export const GET = route(getAvailability, ({ actor, query }) => availability.getAvailability(actor, query));
