import * as queries from "@/lib/audit-log/queries";
import { listAuditLog } from "@/lib/contracts/audit-log";
import { route } from "@/lib/http/route";

export const GET = route(listAuditLog, ({ actor, query }) => queries.listAuditLog(actor, query));
