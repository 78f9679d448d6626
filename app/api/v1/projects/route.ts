import { addProject } from "@/lib/accounts/projects";
import { createProject } from "@/lib/contracts/accounts";
import { route } from "@/lib/http/route";

export const POST = route(createProject, ({ principal, body }) => addProject(principal, body));
