import type { CatalogueType } from "@/lib/contracts/event-types";
import type { Tx } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";

export type EventUser = { id: string; email: string };

type UserEvent = { type: Extract<CatalogueType, `user.${string}`>; data?: Record<string, unknown> };

/**
 * Emits an event about a person in every project they belong to, in the caller's transaction. An account belongs to no
 * project by itself, but those who work with the person are the ones whose systems keep a copy.
 * @param projectIds instead of the memberships at this moment, for one whose memberships are ending
 */
export async function emitUserEvent(
  tx: Tx,
  { id, email }: EventUser,
  { type, data = {} }: UserEvent,
  projectIds?: readonly string[],
): Promise<void> {
  for (const projectId of projectIds ?? (await projectsOf(tx, id))) {
    await emit(tx, projectId, { type, data: { user_id: id, email, ...data }, source: "platform" });
  }
}

/** In a fixed order, so that two such transactions never wait for each other in a ring. */
async function projectsOf(tx: Tx, userId: string): Promise<string[]> {
  const memberships = await tx.member.findMany({
    where: { userId },
    select: { projectId: true },
    orderBy: { projectId: "asc" },
  });
  return memberships.map(({ projectId }) => projectId);
}

/** What a provider is called in events and on screens: the OpenID issuer that is stored with it says nothing to people. */
export function providerName(provider: string): string {
  return provider.startsWith("oidc:") ? "oidc" : provider;
}
