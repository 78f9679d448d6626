import { z } from "zod";
import { projectParams } from "@/lib/contracts/common";
import { deliverySchema } from "@/lib/contracts/deliveries";
import { eventNewsSchema } from "@/lib/contracts/events";
import { defineOperation } from "@/lib/contracts/operation";
import { receiverRequestSchema } from "@/lib/contracts/receiver";
import { replayDetailSchema } from "@/lib/contracts/replays";
import { reservationSchema } from "@/lib/contracts/reservations";

/**
 * Messages of a project's live stream (server-sent events, one JSON object per `data:` line).
 * "resync": something may have been missed; read again what is on screen.
 */
export const streamMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("deliveries"), deliveries: z.array(deliverySchema) }),
  z.object({ kind: z.literal("events"), events: z.array(eventNewsSchema) }),
  z.object({ kind: z.literal("receiver_requests"), requests: z.array(receiverRequestSchema) }),
  z.object({ kind: z.literal("replays"), replays: z.array(replayDetailSchema) }),
  z.object({ kind: z.literal("reservations"), reservations: z.array(reservationSchema) }),
  z.object({ kind: z.literal("pools_changed"), pool_ids: z.array(z.string()) }),
  z.object({ kind: z.literal("instances"), ids: z.array(z.string()) }),
  z.object({ kind: z.literal("credits_changed") }),
  z.object({ kind: z.literal("waitlist_changed") }),
  z.object({ kind: z.literal("webhooks_changed") }),
  z.object({ kind: z.literal("resync") }),
]);

export type StreamMessage = z.infer<typeof streamMessageSchema>;

export const streamProject = defineOperation({
  id: "streamProject",
  method: "GET",
  path: "/projects/{project_id}/stream",
  summary: "Live changes of a project as server-sent events",
  description: "`text/event-stream`; a comment every 15 seconds keeps the connection open.",
  tag: "Live",
  auth: "project",
  params: projectParams,
  status: 200,
});
