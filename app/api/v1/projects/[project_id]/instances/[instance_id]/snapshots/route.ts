import * as queries from "@/lib/compute/queries";
import * as snapshots from "@/lib/compute/snapshots";
import { createSnapshot, listInstanceSnapshots } from "@/lib/contracts/snapshots";
import { route } from "@/lib/http/route";

export const GET = route(listInstanceSnapshots, ({ actor, params, query }) =>
  queries.listInstanceSnapshots(actor, params.instance_id, query),
);

export const POST = route(createSnapshot, ({ actor, params, body }) =>
  snapshots.createSnapshot(actor, params.instance_id, body),
);
