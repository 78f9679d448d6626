import { type RequestWebhookValues, requestWebhookOf } from "@/components/workflows/request-webhook-values";
import type { Offer } from "@/lib/contracts/availability";
import type { CreateReservationInput } from "@/store/reservations-api";
import type { BookingValues } from "./booking-values";

type Options = RequestWebhookValues &
  Pick<BookingValues, "title" | "config" | "environment" | "pinned" | "snapshot_at_end" | "hold">;

/** What POST reservations gets for an offer that is taken as it stands. */
export function offerBody(offer: Offer, options: Options): CreateReservationInput {
  const { title, config, environment, pinned, snapshot_at_end, hold } = options;
  const { pool_id, topology, segments, gpu_count, starts_at, ends_at } = offer;
  return {
    pool_id,
    topology,
    ...(segments.length > 1 ? { segments } : { gpu_count, starts_at, ends_at }),
    title: title.trim(),
    pinned,
    snapshot_at_end,
    ...(config.trim() === "" ? {} : { config: config.trim() }),
    ...(environment.trim() === "" ? {} : { environment: environment.trim() }),
    hold,
    ...requestWebhookOf(options),
  };
}
