import * as faults from "@/lib/compute/fault-service";
import { createFault, listFaults } from "@/lib/contracts/compute-faults";
import { route } from "@/lib/http/route";

export const GET = route(listFaults, ({ admin }) => faults.listFaults(admin));

export const POST = route(createFault, ({ admin, body }) => faults.createFault(admin, body));
