import * as queries from "@/lib/compute/queries";
import { listAllInstances } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const GET = route(listAllInstances, ({ admin, query }) => queries.listAllInstances(admin, query));
