import * as compute from "@/lib/compute/service";
import { stopInstance } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const POST = route(stopInstance, ({ actor, params }) => compute.stopInstance(actor, params.instance_id));
