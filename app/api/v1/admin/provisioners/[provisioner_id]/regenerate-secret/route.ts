import * as provisioners from "@/lib/compute/http/service";
import { regenerateProvisionerSecret } from "@/lib/contracts/provisioners";
import { route } from "@/lib/http/route";

export const POST = route(regenerateProvisionerSecret, ({ admin, params, body }) =>
  provisioners.regenerateSecret(admin, params.provisioner_id, body),
);
