import * as provisioners from "@/lib/compute/http/service";
import { checkProvisioner } from "@/lib/contracts/provisioners";
import { route } from "@/lib/http/route";

export const POST = route(checkProvisioner, ({ admin, params }) =>
  provisioners.checkProvisioner(admin, params.provisioner_id),
);
