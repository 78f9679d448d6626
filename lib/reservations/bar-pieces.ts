import { z } from "zod";
import { segmentSchema } from "@/lib/contracts/pricing";

/** One unit for some time, in milliseconds; half-open. */
export type UnitTime = { unitId: string; from: number; to: number };
/** A stretch of a booking during which it keeps the same units. */
export type Piece = { key: string; from: number; to: number; gpuCount: number; units: string[] };

const segmentsSchema = z.array(segmentSchema);

/**
 * Cuts a booking where its number of GPUs or its units change. A piece is named by its segment, and by its place in it
 * where the units change within the segment, so that the name does not depend on what part of the booking is looked at.
 * @param segments as stored with the reservation
 * @param units all that the booking has, in the order in which each piece shall list them
 */
export function piecesOf(segments: unknown, units: readonly UnitTime[]): Piece[] {
  return segmentsSchema.parse(segments).flatMap((segment, index) => {
    const range = { from: Date.parse(segment.starts_at), to: Date.parse(segment.ends_at) };
    const within = units.filter((unit) => unit.from < range.to && unit.to > range.from);
    const cuts = new Set([range.from, range.to]);
    for (const { from, to } of within) {
      if (from > range.from) cuts.add(from);
      if (to < range.to) cuts.add(to);
    }
    const times = [...cuts].sort((a, b) => a - b);
    return times.slice(1).map((to, part) => {
      const from = times[part] ?? range.from;
      return {
        key: part === 0 ? `${index}` : `${index}.${part}`,
        from,
        to,
        gpuCount: segment.gpu_count,
        units: within.filter((unit) => unit.from < to && unit.to > from).map((unit) => unit.unitId),
      };
    });
  });
}
