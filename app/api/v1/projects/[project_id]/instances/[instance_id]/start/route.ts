import * as compute from "@/lib/compute/service";
import { startInstance } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const POST = route(startInstance, ({ actor, params }) => compute.startInstance(actor, params.instance_id));
