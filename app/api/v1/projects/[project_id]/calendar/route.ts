import { getCalendar } from "@/lib/contracts/calendar";
import { route } from "@/lib/http/route";
import * as calendar from "@/lib/reservations/calendar-queries";

export const GET = route(getCalendar, ({ actor, query }) => calendar.getCalendar(actor, query));
