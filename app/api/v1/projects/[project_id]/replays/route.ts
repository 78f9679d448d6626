import { createReplay, listReplays } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as queries from "@/lib/replay/queries";
import * as replays from "@/lib/replay/service";

export const GET = route(listReplays, ({ actor, query }) => queries.listReplays(actor, query));

export const POST = route(createReplay, ({ actor, body }) => replays.createReplay(actor, body));
