import { listMaintenance } from "@/lib/contracts/maintenance";
import * as queries from "@/lib/fleet/maintenance-queries";
import { route } from "@/lib/http/route";

export const GET = route(listMaintenance, ({ admin, query }) => queries.listMaintenance(admin, query));
