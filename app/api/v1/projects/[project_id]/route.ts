import * as projects from "@/lib/accounts/projects";
import { getProject, updateProject } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const GET = route(getProject, ({ actor }) => projects.getProject(actor));

export const PATCH = route(updateProject, ({ actor, body }) => projects.renameProject(actor, body));
