import * as projects from "@/lib/admin/projects";
import { changePlan } from "@/lib/contracts/admin-projects";
import { route } from "@/lib/http/route";

export const PATCH = route(changePlan, ({ admin, params, body }) =>
  projects.changePlan(admin, params.project_id, body),
);
