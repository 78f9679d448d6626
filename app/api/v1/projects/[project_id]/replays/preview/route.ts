import { previewReplay } from "@/lib/contracts/replays";
import { route } from "@/lib/http/route";
import * as replays from "@/lib/replay/service";

export const POST = route(previewReplay, ({ actor, body }) => replays.previewReplay(actor, body));
