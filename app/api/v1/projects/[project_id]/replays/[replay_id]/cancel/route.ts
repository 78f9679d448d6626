import { cancelReplay } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as replays from "@/lib/replay/service";

export const POST = route(cancelReplay, ({ actor, params }) => replays.cancelReplay(actor, params.replay_id));
