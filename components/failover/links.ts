export const COMPUTE = "/app/admin/compute";
export const FAILOVERS = `${COMPUTE}/failovers`;
export const DRILLS = `${COMPUTE}/drills`;

export function drillHref(drillId: string): string {
  return `${DRILLS}/${encodeURIComponent(drillId)}`;
}
