import { healthSchema } from "@/lib/contracts/health";
import { checkHealth } from "@/lib/health/health";

export const dynamic = "force-dynamic";

/** Open to all on purpose: it says whether the installation works and nothing about what is in it. */
export async function GET(): Promise<Response> {
  const health = healthSchema.parse(await checkHealth());
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
