import { readStatus } from "@/lib/admin/status";
import { getAdminStatus } from "@/lib/contracts/admin";
import { route } from "@/lib/http/route";

export const GET = route(getAdminStatus, ({ admin }) => readStatus(admin));
