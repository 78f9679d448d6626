import { z } from "zod";

const jsonHeaders = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));

/**
 * Headers as people paste them: `Name: value` lines (of a log, of curl -v, of the browser's tools), or a JSON object. Names
 * in small letters; the CGI form HTTP_WEBHOOK_ID is understood.
 */
export function parseHeaders(text: string): ReadonlyMap<string, string> {
  return new Map(entriesOf(text.trim()).map(([name, value]) => [normalise(name), value.trim()]));
}

export type ReceivedSignatures = {
  id: string | undefined;
  /** The values as they are: whether they are times is for the diagnosis to say. */
  timestamp: string | undefined;
  standard: string | undefined;
  stripe: string | undefined;
  deliveryId: string | undefined;
};

export function signatureHeaders(headers: ReadonlyMap<string, string>): ReceivedSignatures {
  return {
    id: headers.get("webhook-id") || undefined,
    timestamp: headers.get("webhook-timestamp") || undefined,
    standard: headers.get("webhook-signature") || undefined,
    stripe: headers.get("x-webhook-signature") || undefined,
    deliveryId: headers.get("x-webhook-delivery") || undefined,
  };
}

function entriesOf(text: string): [string, string][] {
  if (text.startsWith("{")) {
    try {
      const parsed = jsonHeaders.safeParse(JSON.parse(text));
      if (parsed.success) {
        return Object.entries(parsed.data).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(", ") : String(value),
        ]);
      }
    } catch {
      // Not JSON after all: lines.
    }
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^[\s<>]*"?([A-Za-z0-9_-]+)"?\s*[:=]\s*(.*?),?\s*$/.exec(line);
    return match?.[1] === undefined ? [] : [[match[1], (match[2] ?? "").replace(/^"(.*)"$/, "$1")]];
  });
}

function normalise(name: string): string {
  return name
    .replace(/^HTTP_/, "")
    .replaceAll("_", "-")
    .toLowerCase();
}
