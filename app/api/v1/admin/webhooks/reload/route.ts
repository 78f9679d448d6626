import { reloadFile } from "@/lib/admin/webhooks";
import { reloadWebhooksFile } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const POST = route(reloadWebhooksFile, ({ admin, query }) => reloadFile(admin, query));
