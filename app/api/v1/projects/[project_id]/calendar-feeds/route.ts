import * as feeds from "@/lib/calendar-feeds/service";
import { createFeed, listFeeds } from "@/lib/contracts/calendar-feeds";
import { route } from "@/lib/http/route";

export const GET = route(listFeeds, ({ actor }) => feeds.listFeeds(actor));

export const POST = route(createFeed, ({ actor, body }) => feeds.createFeed(actor, body));
