import { z } from "zod";
import type { BuiltInProcessor } from "@/lib/artifacts/built-in/registry";

const at = z.iso.datetime({ offset: true });
const micros = z.number().int();

/** The payload of a `reservation.ended` artifact, as the platform publishes it. */
export const endedPayload = z.looseObject({
  reservation_id: z.string(),
  title: z.string().default(""),
  pool: z.string().default(""),
  gpu_type: z.string().default(""),
  starts_at: at,
  ends_at: at,
  started_at: at.nullable().default(null),
  ended_at: at.nullable().default(null),
  total_micros: micros,
  captured_micros: micros,
  fees_micros: micros.default(0),
  /** Which GPU it had from when to when. */
  units: z.array(z.object({ node: z.string(), unit_id: z.string(), starts_at: at, ends_at: at })),
});

const HOUR_S = 3600;

/** What a finished reservation used and cost, in all and by node. */
export const reservationUsage: BuiltInProcessor = {
  name: "reservation-usage",
  description: "Reports the GPU-hours and the cost of each reservation that ended.",
  types: ["reservation.ended"],
  process: ({ payload, tags }) => {
    const ended = endedPayload.parse(payload);
    const seconds = ({ starts_at, ends_at }: (typeof ended.units)[number]) =>
      Math.max(0, Math.round((Date.parse(ends_at) - Date.parse(starts_at)) / 1000));
    const nodes = [...Map.groupBy(ended.units, ({ node }) => node)]
      .map(([node, units]) => {
        const gpu_seconds = units.reduce((sum, unit) => sum + seconds(unit), 0);
        const gpus = new Set(units.map(({ unit_id }) => unit_id)).size;
        return { node, gpus, gpu_seconds, gpu_hours: hours(gpu_seconds) };
      })
      .sort((a, b) => (a.node < b.node ? -1 : 1));
    const gpu_seconds = nodes.reduce((sum, node) => sum + node.gpu_seconds, 0);
    const { reservation_id, title, pool, gpu_type, starts_at, ends_at, started_at, ended_at } = ended;
    const { total_micros, captured_micros, fees_micros } = ended;
    return [
      {
        type: "reservation.usage",
        payload: {
          reservation_id,
          title,
          pool,
          gpu_type,
          starts_at,
          ends_at,
          started_at,
          ended_at,
          gpu_seconds,
          gpu_hours: hours(gpu_seconds),
          total_micros,
          captured_micros,
          fees_micros,
          nodes,
        },
        tags: [...tags],
      },
    ];
  },
};

/** To a thousandth. */
function hours(seconds: number): number {
  return Math.round((seconds / HOUR_S) * 1000) / 1000;
}
