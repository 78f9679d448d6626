import { deleteSavedView, updateSavedView } from "@/lib/contracts/saved-views";
import { route } from "@/lib/http/route";
import * as savedViews from "@/lib/webhooks/saved-views";

export const PATCH = route(updateSavedView, ({ actor, params, body }) =>
  savedViews.updateSavedView(actor, params.view_id, body),
);

export const DELETE = route(deleteSavedView, async ({ actor, params }) => {
  await savedViews.deleteSavedView(actor, params.view_id);
  return undefined;
});
