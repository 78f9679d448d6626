import type { z } from "zod";
import { AUDIT_LIMITS } from "@/lib/contracts/audit-log";
import { scrub } from "@/lib/log";

type Json = z.core.util.JSONType;

/** Members whose values are credentials, or may be. */
const SECRET_NAME = /secret|password|token|authorization|cookie|credential|signature|^headers$|(^|_)key$/i;

const HIDDEN = "[redacted]";
const CUT = "…";

/**
 * What was asked for as the audit log keeps it: without anything that may be a secret, and short. Texts that look like
 * secrets are hidden whatever they are called; of addresses the user and the query are left out, where keys travel.
 */
export function redact(value: unknown): Record<string, Json> {
  const kept = shorten(value, AUDIT_LIMITS.depth);
  return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : {};
}

function shorten(value: unknown, depth: number): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return shortText(value);
  if (typeof value !== "object") return null;
  if (depth === 0) return CUT;
  if (Array.isArray(value)) {
    const kept = value.slice(0, AUDIT_LIMITS.members).map((item) => shorten(item, depth - 1));
    return value.length > kept.length ? [...kept, CUT] : kept;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .slice(0, AUDIT_LIMITS.members)
      .map(([name, member]) => [
        shortText(name),
        SECRET_NAME.test(name) && member !== null ? HIDDEN : shorten(member, depth - 1),
      ]),
  );
}

function shortText(text: string): string {
  const storable = scrub(withoutCredentials(text)).replaceAll("\u0000", "").toWellFormed();
  const characters = [...storable];
  return characters.length > AUDIT_LIMITS.textLength
    ? `${characters.slice(0, AUDIT_LIMITS.textLength - 1).join("")}${CUT}`
    : storable;
}

function withoutCredentials(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = "";
  url.password = "";
  url.hash = "";
  if (url.search !== "") url.search = `?${HIDDEN}`;
  return decodeURI(url.href);
}
