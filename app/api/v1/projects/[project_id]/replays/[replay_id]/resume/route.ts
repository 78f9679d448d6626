import { resumeReplay } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as replays from "@/lib/replay/service";

export const POST = route(resumeReplay, ({ actor, params }) => replays.resumeReplay(actor, params.replay_id));
