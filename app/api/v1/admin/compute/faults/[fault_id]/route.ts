import * as faults from "@/lib/compute/fault-service";
import { removeFault } from "@/lib/contracts/compute-faults";
import { route } from "@/lib/http/route";

export const DELETE = route(removeFault, ({ admin, params }) => faults.removeFault(admin, params.fault_id));
