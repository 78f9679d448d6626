import type { FaultCode } from "@/lib/contracts/signature-debugger";
import { SECRET_PREFIX, standardKeyBytes } from "@/lib/webhooks/signing-key";

/** A value that may explain a signature, and what is wrong if it is the one that does; null for the regular value. */
export type Variant<T> = { value: T; fault: FaultCode | null };

const BOM = "\ufeff";
/** The order in which our own bodies have their fields. */
const ENVELOPE = ["id", "type", "timestamp", "correlation_id", "sequence", "event_type", "artifact", "data"];

/** The bodies that may have been signed when this one arrived at the check. */
export function bodyVariants(body: string, stored: string | null): Variant<string>[] {
  const bare = body.startsWith(BOM) ? body.slice(1) : body;
  const variants: Variant<string>[] = [
    { value: body, fault: null },
    ...(stored === null ? [] : [{ value: stored, fault: compareBodies(body, stored) }]),
    { value: bare, fault: "body_bom" },
    { value: BOM + body, fault: "body_bom" },
    ...[
      body.replace(/(\r?\n)+$/, ""),
      `${body}\n`,
      `${body}\r\n`,
      body.replaceAll("\r\n", "\n"),
      body.replace(/\r?\n/g, "\r\n"),
    ].map((value) => ({ value, fault: "body_newlines" as const })),
    ...[undoMojibake(body), Buffer.from(body, "utf8").toString("latin1")].map((value) => ({
      value,
      fault: "body_charset" as const,
    })),
    ...serialisations(bare).map((value) => ({ value, fault: "body_reserialised" as const })),
  ];
  const seen = new Set<string>();
  return variants.filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** How the body that arrived differs from the one that was sent; null when it does not. */
export function compareBodies(received: string, sent: string): FaultCode | null {
  if (received === sent) return null;
  if (received.replace(BOM, "") === sent.replace(BOM, "")) return "body_bom";
  const lines = (text: string) => text.replaceAll("\r\n", "\n").replace(/\n+$/, "");
  if (lines(received) === lines(sent)) return "body_newlines";
  if (undoMojibake(received) === sent || undoMojibake(sent) === received) return "body_charset";
  // Characters that a smaller character set lacks become question marks.
  if (received.length === sent.length && plain(received, sent) === plain(sent, sent)) return "body_charset";
  const [a, b] = [parse(received), parse(sent)];
  if (a !== undefined && b !== undefined && canonical(a) === canonical(b)) return "body_reserialised";
  return "body_changed";
}

/** The keys that the text of an HMAC secret may have been turned into, for `webhook-signature`. */
export function standardKeys(secret: string): Variant<Buffer>[] {
  const text = clean(secret);
  return keysOf(secret, [
    { value: standardKeyBytes(secret), fault: null },
    { value: standardKeyBytes(text), fault: "secret_whitespace" },
    { value: Buffer.from(text.replace(SECRET_PREFIX, ""), "base64"), fault: "secret_prefix" },
    { value: Buffer.from(text), fault: "secret_decoded" },
    { value: Buffer.from(text.replace(SECRET_PREFIX, "")), fault: "secret_decoded" },
  ]);
}

/** The same for `X-Webhook-Signature`. */
export function stripeKeys(secret: string): Variant<Buffer>[] {
  const text = clean(secret);
  return keysOf(secret, [
    { value: Buffer.from(secret), fault: null },
    { value: Buffer.from(text), fault: "secret_whitespace" },
    { value: Buffer.from(SECRET_PREFIX + text), fault: "secret_prefix" },
    { value: Buffer.from(text.replace(SECRET_PREFIX, ""), "base64"), fault: "secret_decoded" },
    { value: Buffer.from(text.replace(SECRET_PREFIX, "")), fault: "secret_decoded" },
  ]);
}

/** Without what copying and configuration files add: spaces, line breaks, quotes. */
export function clean(secret: string): string {
  return secret
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}

function keysOf(secret: string, variants: Variant<Buffer>[]): Variant<Buffer>[] {
  const seen = new Set<string>();
  return secret === ""
    ? []
    : variants.filter(({ value }) => {
        const hex = value.toString("hex");
        return hex !== "" && !seen.has(hex) && seen.add(hex);
      });
}

function serialisations(body: string): string[] {
  const value = parse(body);
  if (value === undefined) return [];
  const forms = [value, inEnvelopeOrder(value)].flatMap((each) => [
    JSON.stringify(each),
    JSON.stringify(each, null, 2),
    JSON.stringify(each, null, 4),
    JSON.stringify(each, null, "\t"),
    spaced(each),
  ]);
  return [...forms, ...forms.map(asciiOnly)];
}

function inEnvelopeOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const rank = (name: string) => (ENVELOPE.includes(name) ? ENVELOPE.indexOf(name) : ENVELOPE.length);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)));
}

/** As Python's json.dumps writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`)
    .join(", ")}}`;
}

function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(BOM, ""));
  } catch {
    return undefined;
  }
}

/** The same text for the same JSON, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join()}}`;
}

/** What Windows-1252, which browsers and many tools mean by Latin-1, has in place of the bytes 0x80 to 0x9f. */
const WINDOWS_1252: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 32 }, (_, index) => {
    const byte = 0x80 + index;
    return [new TextDecoder("windows-1252").decode(Uint8Array.of(byte)), byte];
  }),
);

/** UTF-8 that was read as Latin-1, read as UTF-8 again; the text itself where it cannot have been. */
function undoMojibake(text: string): string {
  const bytes: number[] = [];
  for (const char of text) {
    const byte = WINDOWS_1252.get(char) ?? char.charCodeAt(0);
    if (byte > 0xff) return text;
    bytes.push(byte);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}

/** The text without the places at which `sent` has characters beyond ASCII and it has a stand-in or the same. */
function plain(text: string, sent: string): string {
  return [...text]
    .map((char, index) => ((sent[index] ?? "") > "\u007f" && /[?\ufffd]|[^\0-\u007f]/u.test(char) ? "" : char))
    .join("");
}
