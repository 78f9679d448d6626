import { getReplay, updateReplay } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as queries from "@/lib/replay/queries";
import * as replays from "@/lib/replay/service";

export const GET = route(getReplay, ({ actor, params }) => queries.getReplay(actor, params.replay_id));

export const PATCH = route(updateReplay, ({ actor, params, body }) =>
  replays.changeRate(actor, params.replay_id, body.rate),
);
