import { retryStuckNow } from "@/lib/admin/maintenance";
import { retryStuck } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const POST = route(retryStuck, ({ admin }) => retryStuckNow(admin));
