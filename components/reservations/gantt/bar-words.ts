import type { Bar } from "@/lib/contracts/calendar";
import { lookOf, nameOf } from "../bar-style";
import { rangeWords } from "../time-words";
import { gpusWords } from "../words";

/** Everything that a bar shows, in words; `place` is the GPU whose row it is on. */
export function barWords(bar: Bar, zone: string, place: string): string {
  const name = nameOf(bar);
  const look = lookOf(bar).word;
  const status = bar.status !== null && bar.status !== "held" ? bar.status : null;
  return [
    name,
    look === name ? null : look,
    status,
    gpusWords(bar.gpu_count),
    rangeWords(Date.parse(bar.starts_at), Date.parse(bar.ends_at), zone),
    place,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** `5/8 busy` */
export function busyWords(busy: number, total: number): string {
  return `${busy}/${total} busy`;
}
