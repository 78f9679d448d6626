import { createGrant, listAdminGrants } from "@/lib/contracts/credits";
import * as credits from "@/lib/credits/service";
import { route } from "@/lib/http/route";

export const GET = route(listAdminGrants, ({ admin, params, query }) =>
  credits.listAdminGrants(admin, params.project_id, query),
);

export const POST = route(createGrant, ({ admin, params, body }) =>
  credits.createGrant(admin, params.project_id, body),
);
