import * as queries from "@/lib/compute/queries";
import { getInstance } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const GET = route(getInstance, ({ actor, params }) => queries.getInstance(actor, params.instance_id));
