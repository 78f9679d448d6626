import type { Offer, Topology } from "@/lib/contracts/availability";
import { formatCredits } from "./money-words";
import { lengthWords, momentWords } from "./time-words";
import { gpusWords } from "./words";

/** What was asked for, as far as it is known. Times in Unix ms. */
export type Asked = {
  gpuCount: number;
  lengthMs: number;
  topology: Topology;
  /** When it was to start; without it any time will do within the two below. */
  startsAt?: number | undefined;
  notBefore?: number | undefined;
  finishBy?: number | undefined;
  poolId?: string | undefined;
  gpuType?: string | undefined;
  totalMicros?: number | undefined;
};

/** Of a form for a known time. */
export type AskedTime = Asked & { startsAt: number; endsAt: number };

/**
 * How an offer differs from what was asked, each difference in a few words: `3 h later`, `48 h instead of 72 h (3
 * days)`, `6 instead of 8 GPUs`. Empty when it does not.
 */
export function differencesOf(offer: Offer, asked: Asked, zone: string): string[] {
  const from = Date.parse(offer.starts_at);
  const to = Date.parse(offer.ends_at);
  const length = to - from;
  const { startsAt, notBefore, finishBy, lengthMs } = asked;
  const words: string[] = [];
  const otherType = asked.gpuType !== undefined && offer.gpu_type !== asked.gpuType;
  if (otherType) words.push(`${offer.gpu_type} instead of ${asked.gpuType}`);
  if (asked.poolId !== undefined && offer.pool_id !== asked.poolId) words.push(`in ${offer.pool_name}`);
  if (offer.gpu_count !== asked.gpuCount && offer.segments.length === 1) {
    words.push(`${offer.gpu_count} instead of ${gpusWords(asked.gpuCount)}`);
  }
  if (offer.segments.length > 1) words.push(partsWords(offer, zone));
  if (startsAt !== undefined && from !== startsAt) {
    words.push(`starts ${lengthWords(from - startsAt)} ${from > startsAt ? "later" : "earlier"}`);
  }
  if (notBefore !== undefined && from < notBefore) words.push(`starts ${lengthWords(notBefore - from)} too early`);
  if (finishBy !== undefined && to > finishBy) words.push(`ends ${lengthWords(to - finishBy)} too late`);
  if (length !== lengthMs) words.push(`${lengthWords(length)} instead of ${lengthWords(lengthMs)}`);
  if (asked.topology === "single_node" && !offer.single_node) words.push("on several machines");
  return words;
}

/** How its price compares: `12.00 more`, `100.00 less`, `the same price`; null when nothing is known to compare with. */
export function priceDifference(offer: Offer, asked: Asked): string | null {
  if (asked.totalMicros === undefined) return null;
  const difference = offer.price.total_micros - asked.totalMicros;
  if (difference === 0) return "the same price";
  return `${formatCredits(Math.abs(difference))} ${difference > 0 ? "more" : "less"}`;
}

/** `in 2 parts: 8 GPUs until 09:00, then 4 GPUs` */
function partsWords({ segments }: Offer, zone: string): string {
  const parts = segments.map(({ ends_at, gpu_count }, index) => {
    const next = segments[index + 1];
    const words = `${index === 0 ? "" : "then "}${gpusWords(gpu_count)}`;
    if (next === undefined) return words;
    const until = `${words} until ${momentWords(Date.parse(ends_at), zone)}`;
    return next.starts_at === ends_at
      ? until
      : `${until}, a pause until ${momentWords(Date.parse(next.starts_at), zone)}`;
  });
  return `in ${segments.length} parts: ${parts.join(", ")}`;
}
