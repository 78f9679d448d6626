import { createSavedView, listSavedViews } from "@/lib/contracts/saved-views";
import { route } from "@/lib/http/route";
import * as savedViews from "@/lib/webhooks/saved-views";

export const GET = route(listSavedViews, async ({ actor }) => ({
  data: await savedViews.listSavedViews(actor),
  next_cursor: null,
}));

export const POST = route(createSavedView, ({ actor, body }) => savedViews.createSavedView(actor, body));
