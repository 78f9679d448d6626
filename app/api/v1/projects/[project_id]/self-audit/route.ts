import { getSelfAudit } from "@/lib/contracts/self-audit";
import { route } from "@/lib/http/route";
import { latestSelfAudit } from "@/lib/reservations/audit";

export const GET = route(getSelfAudit, ({ actor }) => latestSelfAudit(actor));
