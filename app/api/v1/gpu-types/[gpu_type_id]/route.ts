import { deleteGpuType, updateGpuType } from "@/lib/contracts/fleet-admin";
import * as gpuTypes from "@/lib/fleet/gpu-types";
import { route } from "@/lib/http/route";

export const PATCH = route(updateGpuType, ({ admin, params, body }) =>
  gpuTypes.updateGpuType(admin, params.gpu_type_id, body),
);

export const DELETE = route(deleteGpuType, async ({ admin, params }) => {
  await gpuTypes.deleteGpuType(admin, params.gpu_type_id);
  return undefined;
});
