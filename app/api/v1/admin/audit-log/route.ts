import * as queries from "@/lib/audit-log/queries";
import { listInstallationAuditLog } from "@/lib/contracts/audit-log";
import { route } from "@/lib/http/route";

export const GET = route(listInstallationAuditLog, ({ admin, query }) =>
  queries.listInstallationAuditLog(admin, query),
);
