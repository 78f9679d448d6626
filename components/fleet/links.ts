export const FLEET = "/app/admin/fleet";

export function poolHref(poolId: string): string {
  return `${FLEET}/pools/${encodeURIComponent(poolId)}`;
}
