import type { Actor } from "@/lib/accounts/actor";
import { authenticate } from "@/lib/accounts/authenticate";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import type { Permission } from "@/lib/contracts/permissions";
import type { StreamMessage } from "@/lib/contracts/stream";
import { AppError } from "@/lib/errors";

const NEEDED: Readonly<Record<StreamMessage["kind"], Permission>> = {
  deliveries: "deliveries:read",
  events: "events:read",
  receiver_requests: "receiver:read",
  replays: "deliveries:read",
  reservations: "reservations:read",
  pools_changed: "reservations:read",
  instances: "instances:read",
  credits_changed: "credits:read",
  waitlist_changed: "reservations:read",
  webhooks_changed: "webhooks:read",
  resync: "deliveries:read",
};

/** Whether the actor may see a message of the live stream. */
export function permitsMessage(actor: Actor, { kind }: StreamMessage): boolean {
  return actor.permissions.has(NEEDED[kind]);
}

/** The message as this actor is shown it: rows are read once for all who watch, and `mine` differs. */
export function asSeenBy(actor: Actor, message: StreamMessage): StreamMessage {
  if (message.kind !== "reservations") return message;
  const reservations = message.reservations.map((reservation) => ({
    ...reservation,
    mine: reservation.created_by.id === actor.subject.id,
  }));
  return { ...message, reservations };
}

/**
 * Whether the request, were it sent now, would act with the same permissions as when the stream was opened. If not, the
 * stream is ended; who still has access opens it again under the new rules.
 */
export async function sameAccess(request: Request, actor: Actor): Promise<boolean> {
  try {
    const principal = await authenticate(request);
    if (!principal) return false;
    const { permissions } = await resolveActor(principal, actor.projectId);
    return (
      permissions.size === actor.permissions.size &&
      [...permissions].every((permission) => actor.permissions.has(permission))
    );
  } catch (error) {
    if (error instanceof AppError && (error.code === "unauthenticated" || error.code === "not_found")) return false;
    throw error;
  }
}
