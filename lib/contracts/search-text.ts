import type { CapacitySearch } from "@/lib/contracts/availability";
import { findMoments, type MomentReader } from "@/lib/contracts/search-moments";

export type SearchQuery = Partial<
  Pick<
    CapacitySearch,
    "gpu_type" | "pool_ids" | "gpu_count" | "duration_minutes" | "not_before" | "finish_by" | "near" | "topology"
  >
>;

export type SearchWorld = {
  now: Date;
  /** IANA name: what "1 December" or "9:00" means. */
  zone: string;
  types: readonly { id: string; name: string }[];
  pools: readonly { id: string; name: string; region: string }[];
};

export type SearchReading = {
  /** What it says about the search; what is absent was not said. */
  query: SearchQuery;
  /** What was taken for what: the words, and the fields that they set. */
  understood: { text: string; fields: (keyof SearchQuery)[] }[];
  /** The words that mean nothing here, in order. */
  unread: string[];
};

const HOUR = 60;
const DAY = 24 * HOUR;

const UNITS: Record<string, number> = {
  minute: 1,
  min: 1,
  hour: HOUR,
  hr: HOUR,
  h: HOUR,
  day: DAY,
  d: DAY,
  week: 7 * DAY,
  wk: 7 * DAY,
  w: 7 * DAY,
  fortnight: 14 * DAY,
  month: 30 * DAY,
};

const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  sixteen: 16,
  twenty: 20,
  thirty: 30,
  sixty: 60,
};

const NUMBER = `(?:\\d+(?:[.,]\\d+)?|(?:${Object.keys(NUMBERS).join("|")})(?=[\\s-]))`;
const UNIT = "(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|w|fortnights?|months?)";

/** Said often, and says nothing about the search. */
const FILLERS =
  /\b(?:i|we|would|could|you|like|need|want|to|get|have|book|reserve|rent|find|search|show|give|us|me|my|please|some|any|time|times|at|all|as|soon|possible|asap|now|earliest|cheapest|first|and|with|the|of|a|an|for|in|on|from|gpus?|cards?|units?|somewhere|anywhere|whenever|flexible|it|is|should|must|be|that|which|type|pool|region|only|just|about|roughly|within|total|each)\b/gi;

/**
 * Reads how people ask: "8 H100 for 72 hours, any time before 1 December, one node if possible". English; dates and
 * times are those of the zone unless they say UTC. What is not understood is told, never guessed.
 */
export function parseSearchText(text: string, world: SearchWorld): SearchReading {
  const reading: SearchReading = { query: {}, understood: [], unread: [] };
  // What has been read is blanked out, so that nothing is read twice and what is left is what was not understood.
  let rest = text.replace(/[\u2010-\u2015]/g, "-").replace(/[\u00d7]/g, "x");
  const take = (pattern: RegExp, fieldsOf: (match: RegExpExecArray) => SearchQuery | null): boolean => {
    const match = pattern.exec(rest);
    const fields = match ? fieldsOf(match) : null;
    if (!match || !fields) return false;
    rest = `${rest.slice(0, match.index)}${" ".repeat(match[0].length)}${rest.slice(match.index + match[0].length)}`;
    Object.assign(reading.query, fields);
    const names = Object.keys(fields) as (keyof SearchQuery)[];
    if (names.length > 0) reading.understood.push({ text: match[0].trim().replace(/^[,;]\s*/, ""), fields: names });
    return true;
  };

  readTopology(take);
  // Names come before numbers: "H100" is no hundred of anything.
  readNames(take, world);
  readDuration(take);
  for (const { pattern, read } of momentReaders(world)) take(pattern, read);
  readCount(take);
  reading.unread = rest
    .replace(FILLERS, " ")
    .split(/[,;.!?()]+|\s{2,}/)
    .map((words) => words.trim())
    .filter((words) => /[\p{L}\p{N}]/u.test(words));
  reading.understood.sort((a, b) => text.indexOf(a.text) - text.indexOf(b.text));
  return reading;
}

type Take = (pattern: RegExp, fieldsOf: (match: RegExpExecArray) => SearchQuery | null) => boolean;

const ONE_NODE =
  "(?:(?:all )?(?:on|in) )?(?:(?:one|a single|the same|a|1)[ -](?:node|machine|server|host)|single[ -]?(?:node|machine|server|host)|(?:the )?same (?:node|machine|server|host))";

function readTopology(take: Take): void {
  const ifPossible = "(?:if possible|if you can|preferably|ideally|preferred|where possible)";
  const found =
    take(new RegExp(`\\b${ONE_NODE}\\b,?\\s*${ifPossible}`, "i"), () => ({ topology: "prefer_single_node" })) ||
    take(new RegExp(`\\b(?:${ifPossible}|prefer|preferring)\\s+${ONE_NODE}\\b`, "i"), () => ({
      topology: "prefer_single_node",
    })) ||
    take(new RegExp(`\\b${ONE_NODE}\\b`, "i"), () => ({ topology: "single_node" }));
  if (!found)
    take(/\b(?:on |in )?(?:any|several|different|multiple|many) (?:nodes?|machines?|servers?|hosts?)\b/i, () => ({
      topology: "any",
    }));
}

/** A GPU type by its name or the part of it that no other type has; pools by name or region. */
function readNames(take: Take, { types, pools }: SearchWorld): void {
  const byLength = <T extends { name: string }>(items: readonly T[]) =>
    items.toSorted((a, b) => b.name.length - a.name.length);
  for (const pool of byLength(pools)) {
    if (take(wordsOf(pool.name), () => ({ pool_ids: [pool.id] }))) break;
  }
  let typed = byLength(types).some((type) => take(wordsOf(type.name), () => ({ gpu_type: type.name })));
  for (const [word, owners] of wordOwners(types)) {
    if (typed) break;
    const [owner] = owners;
    typed = owners.length === 1 && owner !== undefined && take(wordsOf(word), () => ({ gpu_type: owner }));
  }
  for (const region of new Set(pools.map((pool) => pool.region))) {
    const there = pools.filter((pool) => pool.region === region).map(({ id }) => id);
    if (take(wordsOf(region), () => ({ pool_ids: there }))) break;
  }
}

/** Each word of the types' names that holds a digit ("H100", "80GB"), the longest first, with the types that have it. */
function wordOwners(types: readonly { name: string }[]): [string, string[]][] {
  const owners = new Map<string, string[]>();
  for (const { name } of types) {
    for (const word of new Set(name.toLowerCase().split(/[\s_-]+/))) {
      if (/\d/.test(word) && /[a-z]/.test(word)) owners.set(word, [...(owners.get(word) ?? []), name]);
    }
  }
  return [...owners].toSorted(([a], [b]) => b.length - a.length);
}

/** The words with anything but letters and digits between them, in the plural too, and "8xH100" without a space. */
function wordsOf(name: string): RegExp {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const joined = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\s_-]*");
  return new RegExp(`(?:(?<=\\d\\s?x\\s?)|(?<![\\p{L}\\p{N}]))${joined}s?(?![\\p{L}\\p{N}])`, "iu");
}

function readDuration(take: Take): void {
  const minutes = (amount: string, unit: string): SearchQuery | null => {
    const total = Math.round(numberOf(amount) * (UNITS[unit.toLowerCase().replace(/(?<=..)s$/, "")] ?? Number.NaN));
    return Number.isFinite(total) && total >= 1 && total <= 1_000_000 ? { duration_minutes: total } : null;
  };
  // "in 3 days" and "3 days from now" are times, not durations.
  const guard = "(?<!\\b(?:in|after|within)\\s+)";
  const not = "(?!\\s+(?:from now|ahead|later|from today))";
  const found =
    take(new RegExp(`\\b(?:for|lasting|over)\\s+half\\s+an?\\s+(${UNIT})\\b`, "i"), ([, unit = ""]) =>
      minutes("0.5", unit),
    ) ||
    take(
      new RegExp(
        `\\b(?:for|lasting|over)\\s+(?:about\\s+|at least\\s+)?(${NUMBER})\\s*(?:and a half\\s+)?(${UNIT})\\b`,
        "i",
      ),
      ([said = "", amount = "", unit = ""]) =>
        minutes(String(numberOf(amount) + (/and a half/i.test(said) ? 0.5 : 0)), unit),
    ) ||
    take(
      new RegExp(`${guard}(?<![\\p{L}\\p{N}.,-])(${NUMBER})\\s*-?\\s*(${UNIT})\\b${not}`, "iu"),
      ([, amount = "", unit = ""]) => minutes(amount, unit),
    );
  if (!found) take(/\b(?:overnight)\b/i, () => ({ duration_minutes: 12 * HOUR }));
}

/** After names, durations and times have been read, the number that is left is the number of GPUs. */
function readCount(take: Take): void {
  const count = (amount: string): SearchQuery | null => {
    const value = numberOf(amount);
    return Number.isInteger(value) && value >= 1 ? { gpu_count: value } : null;
  };
  if (
    take(
      new RegExp(`(?<![\\p{L}\\p{N}.,:/-])(${NUMBER})\\s*(?:x\\b\\s*)?(?:gpus?|cards?)\\b`, "iu"),
      ([, amount = ""]) => count(amount),
    )
  )
    return;
  if (take(/(?<![\p{L}\p{N}.,:/-])(\d+)\s*x(?![\p{L}\p{N}])/iu, ([, amount = ""]) => count(amount))) return;
  if (take(/(?<![\p{L}\p{N}.,:/-])(\d+)(?![\p{L}\p{N}:/-]|[.,]\d)/u, ([, amount = ""]) => count(amount))) return;
  take(new RegExp(`\\b(${Object.keys(NUMBERS).join("|")})\\b`, "i"), ([, amount = ""]) => count(amount));
}

function numberOf(text: string): number {
  return NUMBERS[text.toLowerCase()] ?? Number(text.replace(",", "."));
}

function momentReaders(
  world: SearchWorld,
): { pattern: RegExp; read: (match: RegExpExecArray) => SearchQuery | null }[] {
  const query = (fields: Partial<Record<"not_before" | "finish_by" | "near", number | null>>): SearchQuery | null => {
    const entries = Object.entries(fields);
    if (entries.some(([, at]) => at === null)) return null;
    return Object.fromEntries(entries.map(([field, at]) => [field, new Date(at ?? 0).toISOString()]));
  };
  return findMoments(world).map(({ pattern, read }: MomentReader) => ({
    pattern,
    read: (match) => {
      const fields = read(match);
      return fields === null ? null : query(fields);
    },
  }));
}
