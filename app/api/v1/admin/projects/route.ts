import { listProjects } from "@/lib/admin/projects";
import { listAdminProjects } from "@/lib/contracts/admin-projects";
import { route } from "@/lib/http/route";

export const GET = route(listAdminProjects, ({ admin, query }) => listProjects(admin, query));
