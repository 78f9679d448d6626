import * as provisioners from "@/lib/compute/http/service";
import { createProvisioner, listProvisioners } from "@/lib/contracts/provisioners";
import { route } from "@/lib/http/route";

export const GET = route(listProvisioners, ({ admin, query }) => provisioners.listProvisioners(admin, query));

export const POST = route(createProvisioner, ({ admin, body }) => provisioners.createProvisioner(admin, body));
