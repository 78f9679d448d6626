import { curlCommand } from "@/lib/contracts/curl";
import { eventTypeCatalogue } from "@/lib/contracts/event-types";

const TYPE = "instance.started";

/**
 * A command, ready to run, that emits an event with the catalogue's example data. `default` names the project to which
 * the key belongs.
 */
export function emitLine({ origin, key }: { origin: string; key: string }): string {
  const data = eventTypeCatalogue().find(({ type }) => type === TYPE)?.example;
  return curlCommand({
    method: "POST",
    url: `${origin}/api/v1/projects/default/events`,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ type: TYPE, data }),
  });
}
