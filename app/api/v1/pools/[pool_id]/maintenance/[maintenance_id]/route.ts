import { endMaintenance, updateMaintenance } from "@/lib/contracts/maintenance";
import * as maintenance from "@/lib/fleet/maintenance";
import { route } from "@/lib/http/route";

export const PATCH = route(updateMaintenance, ({ admin, params, body }) =>
  maintenance.updateMaintenance(admin, params, body),
);

export const DELETE = route(endMaintenance, ({ admin, params }) => maintenance.endMaintenance(admin, params));
