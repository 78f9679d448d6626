import * as provisioners from "@/lib/compute/http/service";
import { deleteProvisioner, getProvisioner, updateProvisioner } from "@/lib/contracts/provisioners";
import { route } from "@/lib/http/route";

export const GET = route(getProvisioner, ({ admin, params }) =>
  provisioners.getProvisioner(admin, params.provisioner_id),
);

export const PATCH = route(updateProvisioner, ({ admin, params, body }) =>
  provisioners.updateProvisioner(admin, params.provisioner_id, body),
);

export const DELETE = route(deleteProvisioner, async ({ admin, params }) => {
  await provisioners.deleteProvisioner(admin, params.provisioner_id);
  return undefined;
});
