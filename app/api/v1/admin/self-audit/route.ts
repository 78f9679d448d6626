import { runSelfAudit } from "@/lib/contracts/self-audit";
import { route } from "@/lib/http/route";
import * as audit from "@/lib/reservations/audit";

export const POST = route(runSelfAudit, ({ admin }) => audit.runSelfAudit(admin));
