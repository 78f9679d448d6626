import { getProjectStatistics } from "@/lib/contracts/statistics";
import { route } from "@/lib/http/route";
import { projectStatistics } from "@/lib/statistics/service";

export const GET = route(getProjectStatistics, ({ actor, query }) => projectStatistics(actor, query, new Date()));
