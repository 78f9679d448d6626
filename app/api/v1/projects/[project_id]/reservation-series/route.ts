import { createSeries, listSeries } from "@/lib/contracts/series";
import { route } from "@/lib/http/route";
import * as series from "@/lib/reservations/series";
import * as queries from "@/lib/reservations/series-queries";

export const GET = route(listSeries, ({ actor, query }) => queries.listSeries(actor, query));

export const POST = route(createSeries, ({ actor, body }) => series.createSeries(actor, body));
