import { cleanUpNow } from "@/lib/admin/maintenance";
import { cleanUpDeliveries } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const POST = route(cleanUpDeliveries, ({ admin, query }) => cleanUpNow(admin, query));
