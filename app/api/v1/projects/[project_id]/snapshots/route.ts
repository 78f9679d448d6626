import * as queries from "@/lib/compute/queries";
import { listSnapshots } from "@/lib/contracts/snapshots";
import { route } from "@/lib/http/route";

export const GET = route(listSnapshots, ({ actor, query }) => queries.listSnapshots(actor, query));
