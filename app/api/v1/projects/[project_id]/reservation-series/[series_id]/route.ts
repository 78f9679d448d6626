import { getSeries } from "@/lib/contracts/series";
import { route } from "@/lib/http/route";
import * as series from "@/lib/reservations/series-queries";

export const GET = route(getSeries, ({ actor, params }) => series.getSeries(actor, params.series_id));
