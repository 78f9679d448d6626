import { shellQuote } from "@/lib/contracts/curl";

export type EmitCommand = {
  /** Scheme, host and port of this console. */
  origin: string;
  projectId: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  /** Further fields of the event, such as the labels that a webhook's filter asks for. */
  fields?: Readonly<Record<string, unknown>> | undefined;
};

/** A command for a POSIX shell that emits an event; the API key comes from the environment, so that no history keeps it. */
export function emitCommand({ origin, projectId, type, data, fields }: EmitCommand): string {
  const url = `${origin}/api/v1/projects/${encodeURIComponent(projectId)}/events`;
  return [
    `curl -X POST ${shellQuote(url)}`,
    '-H "Authorization: Bearer $DUMONT_API_KEY"',
    "-H 'Content-Type: application/json'",
    `--data-raw ${shellQuote(JSON.stringify({ type, data, ...fields }, null, 2))}`,
  ].join(" \\\n  ");
}
