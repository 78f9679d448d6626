import * as applications from "@/lib/configurations/applications";
import { createApplication, listApplications } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const GET = route(listApplications, ({ actor, query }) => applications.listApplications(actor, query));

export const POST = route(createApplication, ({ actor, body }) => applications.createApplication(actor, body));
