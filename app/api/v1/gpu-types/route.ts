import { listGpuTypes } from "@/lib/contracts/fleet";
import { createGpuType } from "@/lib/contracts/fleet-admin";
import * as gpuTypes from "@/lib/fleet/gpu-types";
import * as queries from "@/lib/fleet/queries";
import { route } from "@/lib/http/route";

export const GET = route(listGpuTypes, () => queries.listGpuTypes());

export const POST = route(createGpuType, ({ admin, body }) => gpuTypes.createGpuType(admin, body));
