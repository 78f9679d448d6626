import * as applications from "@/lib/configurations/applications";
import { deleteApplication, updateApplication } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const PATCH = route(updateApplication, ({ actor, params, body }) =>
  applications.updateApplication(actor, params.application_id, body),
);

export const DELETE = route(deleteApplication, async ({ actor, params }) => {
  await applications.deleteApplication(actor, params.application_id);
  return undefined;
});
