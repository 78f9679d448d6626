import { downloadReservation } from "@/lib/calendar-feeds/download";
import { downloadReservationCalendar } from "@/lib/contracts/calendar-feeds";
import { route } from "@/lib/http/route";

export const GET = route(
  downloadReservationCalendar,
  async ({ actor, params, query }) =>
    new Response(await downloadReservation(actor, params.reservation_id, query), {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": `attachment; filename="${params.reservation_id}.ics"`,
        "cache-control": "private, no-store",
      },
    }),
);
