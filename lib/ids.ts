import { TypeID, typeid } from "typeid-js";

/**
 * Identifiers are TypeIDs: a prefix that names the resource and a UUIDv7 in base32. They sort by creation time to the
 * millisecond, which keyset pagination relies on, and tell in a log or a URL what they belong to.
 */
const ID_PREFIXES = {
  user: "usr",
  identity: "idn",
  project: "prj",
  member: "mem",
  invitation: "inv",
  apiKey: "key",
  webhook: "wh",
  secret: "sec",
  event: "evt",
  delivery: "dlv",
  receiverRequest: "rcv",
  savedView: "view",
  replay: "rpl",
  gpuType: "gpu",
  pool: "pool",
  node: "node",
  unit: "unit",
  maintenance: "mnt",
  allocation: "alc",
  reservation: "rsv",
  series: "ser",
  quote: "qte",
  waitlistEntry: "wle",
  calendarFeed: "cal",
  creditGrant: "crg",
  ledgerTransaction: "ltx",
  workflow: "wfl",
  artifact: "art",
  processor: "prc",
  application: "app",
  configuration: "cfg",
  configVariant: "var",
  configVersion: "cvr",
  environment: "env",
  deployment: "dep",
  evaluation: "eva",
  provisioner: "prv",
  instance: "ins",
  snapshot: "snp",
  failover: "fov",
  drill: "drl",
  simulatedFault: "flt",
  costThreshold: "cth",
  auditEntry: "aud",
  request: "req",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

export function newId(kind: IdKind): string {
  return typeid(ID_PREFIXES[kind]).toString();
}

/** TypeID's alphabet: Crockford's base32, in small letters. */
const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";
/** The last four characters, of five bits each. */
const COUNTED = 2 ** 20;

/**
 * Gives ids of this moment, each higher than the one before, for rows that are stored together: one is made, and its last
 * 20 bits count from 0 (RFC 9562, section 6.2, method 2). The other 54 random bits tell it from those of any other moment
 * or process. The function that it returns throws a RangeError after 1,048,576 ids.
 */
export function idsOfNow(kind: IdKind): () => string {
  const head = newId(kind).slice(0, -4);
  const digit = (n: number) => BASE32.charAt(n & 31);
  let n = 0;
  return () => {
    if (n === COUNTED) throw new RangeError(`At most ${COUNTED} ids can be made of one moment.`);
    const id = head + digit(n >> 15) + digit(n >> 10) + digit(n >> 5) + digit(n);
    n += 1;
    return id;
  };
}

/** An id as it would have been made at another time; for demo data. */
export function newIdAt(kind: IdKind, at: Date): string {
  const random = TypeID.fromString(newId(kind)).toUUID().slice(13);
  const hex = timeHex(at);
  return TypeID.fromUUID(ID_PREFIXES[kind], `${hex.slice(0, 8)}-${hex.slice(8)}${random}`).toString();
}

/** Whether the text has the form of an id of this kind. */
export function isId(kind: IdKind, text: string): boolean {
  return (
    text.startsWith(`${ID_PREFIXES[kind]}_`) &&
    /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(ID_PREFIXES[kind].length + 1))
  );
}

/** What an id is of, by its prefix; undefined for a text that is no id of ours. */
export function kindOfId(id: string): IdKind | undefined {
  return (Object.keys(ID_PREFIXES) as IdKind[]).find((kind) => isId(kind, id));
}

/** The 128 bits of an id as 32 hexadecimal digits. */
export function uuidOfId(id: string): string {
  return TypeID.fromString(id).toUUID().replaceAll("-", "");
}

/** When the id was made, to the millisecond: the first 48 bits of a UUIDv7 (RFC 9562, section 5.7). */
export function timeOfId(id: string): Date {
  const hex = TypeID.fromString(id).toUUID().replaceAll("-", "").slice(0, 12);
  return new Date(Number.parseInt(hex, 16));
}

/** The lowest id of a kind that can be made at or after this moment: `id >= firstIdAt(t)` means "made at or after t". */
export function firstIdAt(kind: IdKind, at: Date): string {
  const hex = timeHex(at);
  return TypeID.fromUUID(ID_PREFIXES[kind], `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`).toString();
}

/** The first 48 bits of a UUIDv7. */
function timeHex(at: Date): string {
  const ms = Math.min(Math.max(at.getTime(), 0), 2 ** 48 - 1);
  return ms.toString(16).padStart(12, "0");
}
