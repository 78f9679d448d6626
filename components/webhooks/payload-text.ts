import { lineAt, type Place, scanJson } from "@/components/webhooks/json-scan";
import { isJsonObject, type PayloadFilter, payloadFilterSchema } from "@/lib/contracts/payload-filter";

/** A mistake in the text of a payload filter. */
export type PayloadProblem = {
  /** From 1. */
  line: number;
  place: Place;
  /** What the line is about, as the API names it: `data.gpu_type.$regex`; empty where the text is no JSON. */
  path: string;
  message: string;
};

export type PayloadReading = { payload: PayloadFilter | null } | { problems: PayloadProblem[] };

/** A payload filter from what was typed. Nothing typed is no filter. */
export function readPayload(text: string): PayloadReading {
  if (text.trim() === "") return { payload: null };
  const scan = scanJson(text);
  if (!scan.ok) {
    return { problems: [{ line: lineAt(text, scan.place.start), place: scan.place, path: "", message: scan.message }] };
  }
  const result = payloadFilterSchema.safeParse(scan.value);
  if (result.success) return { payload: result.data };
  return {
    problems: result.error.issues.map(({ path, message }) => {
      const place = scan.placeOf(path);
      return { line: lineAt(text, place.start), place, path: pathWords(path), message };
    }),
  };
}

/** The mistake in one line, for where only one has room. */
export function problemWords({ line, path, message }: PayloadProblem): string {
  return `Line ${line}${path === "" ? "" : `, ${path}`}: ${message}`;
}

/** A payload filter as it is shown and edited. */
export function formatPayload(payload: PayloadFilter | undefined): string {
  return payload === undefined ? "" : JSON.stringify(payload, null, 2);
}

/**
 * Adds conditions to those that are there; both must hold. Where both name the same path or list they go into `$and`.
 * @returns null when the text is no filter that can be added to
 */
export function addConditions(text: string, added: PayloadFilter): string | null {
  if (text.trim() === "") return formatPayload(added);
  const scan = scanJson(text);
  if (!scan.ok || !isJsonObject(scan.value)) return null;
  const present = scan.value;
  const taken = Object.keys(added).some((key) => Object.hasOwn(present, key));
  return formatPayload(taken ? { $and: [present, added] } : { ...present, ...added });
}

function pathWords(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}
