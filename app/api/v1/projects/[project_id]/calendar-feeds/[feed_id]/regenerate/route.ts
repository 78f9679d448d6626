import * as feeds from "@/lib/calendar-feeds/service";
import { regenerateFeed } from "@/lib/contracts/calendar-feeds";
import { route } from "@/lib/http/route";

export const POST = route(regenerateFeed, ({ actor, params }) => feeds.regenerateFeed(actor, params.feed_id));
