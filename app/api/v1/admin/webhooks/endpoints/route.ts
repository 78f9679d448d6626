import { listEndpoints } from "@/lib/admin/webhooks";
import { listAdminEndpoints } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const GET = route(listAdminEndpoints, ({ admin, query }) => listEndpoints(admin, query));
