import * as feeds from "@/lib/calendar-feeds/read";
import { readFeed } from "@/lib/contracts/calendar-feeds";
import { conditional } from "@/lib/http/conditional";
import { route } from "@/lib/http/route";

export const GET = route(readFeed, async ({ params, request }) => {
  const { text, etag, lastModified } = await feeds.readFeed(params.file);
  return conditional(request, { body: text, contentType: "text/calendar; charset=utf-8", etag, lastModified });
});
