import type { Reservation } from "@/lib/contracts/reservations";
import type { BookingWorld } from "./booking-values";
import { bpsWords, creditsWords } from "./money-words";
import { momentWords } from "./time-words";
import { gpusWords, STATUS_WORDS } from "./words";

/** A fact of a reservation before and after, in words; null where there was or is none. */
export type FactChange = { label: string; before: string | null; after: string | null };

type Facts = Readonly<Record<string, unknown>> | null;
type World = { zone: string; poolName: (id: string) => string };

const LABELS: Readonly<Record<string, string>> = {
  status: "Status",
  title: "Title",
  pool_id: "Pool",
  gpu_count: "GPUs",
  starts_at: "Start",
  ends_at: "End",
  segments: "Parts",
  topology: "Machines",
  pinned: "Keeps its very GPUs",
  config: "Configuration",
  environment: "Environment",
  snapshot_at_end: "Snapshot before the end",
  total_micros: "Price",
  discount_bps: "Discount",
  units: "GPUs of the pool",
  charged_micros: "Charged",
  refunded_micros: "Came back",
  fee_micros: "Fee",
};

/** In this order; what is not named here stands after, under its own name. */
const ORDER = Object.keys(LABELS);

/** What differs between two states, as the history keeps them, in the words of the screens. */
export function changesOf(before: Facts, after: Facts, world: World): FactChange[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort(
    (a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b),
  );
  return names
    .filter((name) => !isRepeated(name, { ...before, ...after }))
    .map((name) => ({
      label: LABELS[name] ?? name.replaceAll("_", " "),
      before: before !== null && name in before ? valueWords(name, before[name], world) : null,
      after: after !== null && name in after ? valueWords(name, after[name], world) : null,
    }))
    .filter(({ before: was, after: is }) => was !== is);
}

/** A value of a fact in words. */
export function valueWords(name: string, value: unknown, { zone, poolName }: World): string {
  if (value === null || value === undefined || value === "") return "none";
  if (name === "status" && typeof value === "string" && value in STATUS_WORDS) {
    return STATUS_WORDS[value as keyof typeof STATUS_WORDS].word;
  }
  if (name === "pool_id" && typeof value === "string") return poolName(value);
  if (name === "topology") return value === "single_node" ? "all on one machine" : "any";
  if (name === "gpu_count" && typeof value === "number") return gpusWords(value);
  if (name.endsWith("_micros") && typeof value === "number") return creditsWords(value);
  if (name.endsWith("_bps") && typeof value === "number") return bpsWords(value);
  if (name.endsWith("_at") && typeof value === "string") return momentWords(Date.parse(value), zone);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((item) => itemWords(item, zone)).join("; ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What of a reservation a change can touch, under the names that the history uses. */
export function factsOf(reservation: Reservation): NonNullable<Facts> {
  const { status, title, pool_id, gpu_count, starts_at, ends_at, segments, topology } = reservation;
  const { pinned, config, environment, snapshot_at_end } = reservation;
  const { total_micros, discount_bps } = reservation.price;
  const place = { pool_id, gpu_count, starts_at, ends_at, segments, topology };
  return { status, title, ...place, pinned, config, environment, snapshot_at_end, total_micros, discount_bps };
}

/** The names of pools, by their ids. */
export function poolNames(pools: BookingWorld["pools"]): (id: string) => string {
  const names = new Map(pools.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** A part of a reservation, or a name. */
function itemWords(item: unknown, zone: string): string {
  if (typeof item !== "object" || item === null || !("starts_at" in item) || !("ends_at" in item)) return String(item);
  const { starts_at, ends_at } = item;
  const count = "gpu_count" in item ? gpusWords(Number(item.gpu_count)) : "";
  const from = momentWords(Date.parse(String(starts_at)), zone);
  return `${count} from ${from} to ${momentWords(Date.parse(String(ends_at)), zone)}`;
}

/** Parts say nothing more than start, end and number while there is one of them. */
function isRepeated(name: string, facts: Record<string, unknown>): boolean {
  const { segments } = facts;
  return name === "segments" && Array.isArray(segments) && segments.length <= 1;
}

function placeOf(name: string): number {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}
