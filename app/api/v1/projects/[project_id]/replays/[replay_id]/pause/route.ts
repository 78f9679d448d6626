import { pauseReplay } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as replays from "@/lib/replay/service";

export const POST = route(pauseReplay, ({ actor, params }) => replays.pauseReplay(actor, params.replay_id));
