import { cancelSeries } from "@/lib/contracts/series";
import { route } from "@/lib/http/route";
import * as series from "@/lib/reservations/series-cancel";

export const POST = route(cancelSeries, ({ actor, params, body }) =>
  series.cancelSeries(actor, params.series_id, body),
);
