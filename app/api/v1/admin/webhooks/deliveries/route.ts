import { listDeliveries } from "@/lib/admin/webhooks";
import { listAdminDeliveries } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const GET = route(listAdminDeliveries, ({ admin, query }) => listDeliveries(admin, query));
