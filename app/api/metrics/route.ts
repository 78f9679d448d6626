import { Registry } from "prom-client";
import { problemResponse, toAppError } from "@/lib/http/problem";
import { newId } from "@/lib/ids";
import { requireMetricsAccess } from "@/lib/metrics/access";
import { expose } from "@/lib/metrics/exposition";
import { readFigures } from "@/lib/metrics/figures";

export const dynamic = "force-dynamic";

/** For Prometheus; outside the versioned API, whose answers are JSON. */
export async function GET(request: Request): Promise<Response> {
  try {
    await requireMetricsAccess(request);
    const now = new Date();
    const text = await expose(await readFigures(now), now);
    return new Response(text, {
      headers: { "content-type": Registry.PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" },
    });
  } catch (error) {
    const requestId = newId("request");
    return problemResponse(toAppError(error, requestId), requestId);
  }
}
