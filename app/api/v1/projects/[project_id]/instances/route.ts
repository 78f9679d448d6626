import * as queries from "@/lib/compute/queries";
import * as compute from "@/lib/compute/service";
import { createInstances, listInstances } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const GET = route(listInstances, ({ actor, query }) => queries.listInstances(actor, query));

export const POST = route(createInstances, ({ actor, body }) => compute.createInstances(actor, body));
