import * as queries from "@/lib/audit-log/queries";
import { downloadAuditLog } from "@/lib/contracts/audit-log";
import { csvResponse } from "@/lib/http/attachment";
import { route } from "@/lib/http/route";

export const GET = route(downloadAuditLog, async ({ actor, query }) =>
  csvResponse("audit-log.csv", queries.streamAuditLog(actor, query)),
);
