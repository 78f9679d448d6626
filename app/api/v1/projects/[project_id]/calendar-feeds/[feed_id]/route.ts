import * as feeds from "@/lib/calendar-feeds/service";
import { deleteFeed } from "@/lib/contracts/calendar-feeds";
import { route } from "@/lib/http/route";

export const DELETE = route(deleteFeed, ({ actor, params }) => feeds.deleteFeed(actor, params.feed_id));
