import { getBookingPolicy, updateBookingPolicy } from "@/lib/contracts/booking-policy";
import { updatePolicy } from "@/lib/fleet/policy";
import * as queries from "@/lib/fleet/queries";
import { route } from "@/lib/http/route";

export const GET = route(getBookingPolicy, () => queries.getBookingPolicy());

export const PUT = route(updateBookingPolicy, ({ admin, body }) => updatePolicy(admin, body));
