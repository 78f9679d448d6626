import type { Person } from "@/lib/accounts/profile";
import { listSignInMethods } from "@/lib/accounts/sign-in-methods";
import { db } from "@/lib/db/client";

/** More than anybody has; an export that had to leave something out would say so in `truncated`. */
const MOST = 10_000;

/** Everything that is kept about a person, for a file they take away. Secrets and password hashes are not theirs to see. */
export async function exportAccount(person: Person, now: Date) {
  const createdBy = person.userId;
  const [user, methods, memberships, invitations, apiKeys, savedViews, replays, reservations, feeds] =
    await Promise.all([
      db.user.findUniqueOrThrow({
        where: { id: person.userId },
        select: {
          id: true,
          email: true,
          name: true,
          isAdmin: true,
          lastLoginAt: true,
          createdAt: true,
          updatedAt: true,
        },
      }),
      listSignInMethods(person),
      db.member.findMany({
        where: { userId: person.userId },
        select: { role: true, createdAt: true, project: { select: { id: true, name: true } } },
      }),
      db.invitation.findMany({
        where: { invitedById: person.userId },
        select: { projectId: true, email: true, role: true, createdAt: true, acceptedAt: true },
        take: MOST,
      }),
      db.apiKey.findMany({
        where: { createdBy },
        select: { id: true, projectId: true, name: true, prefix: true, scopes: true, createdAt: true, revokedAt: true },
        take: MOST,
      }),
      db.savedView.findMany({ where: { createdBy }, select: { projectId: true, name: true, query: true }, take: MOST }),
      db.replay.findMany({
        where: { createdBy },
        select: { id: true, projectId: true, kind: true, status: true, createdAt: true },
        take: MOST,
      }),
      db.reservation.findMany({
        where: { createdBy },
        select: {
          id: true,
          projectId: true,
          poolId: true,
          title: true,
          status: true,
          gpuCount: true,
          startsAt: true,
          endsAt: true,
          createdAt: true,
        },
        take: MOST,
      }),
      db.calendarFeed.findMany({
        where: { userId: person.userId },
        select: { projectId: true, name: true, lastReadAt: true, createdAt: true },
        take: MOST,
      }),
    ]);
  const lists = {
    invitations,
    api_keys: apiKeys,
    saved_views: savedViews,
    replays,
    reservations,
    calendar_feeds: feeds,
  };
  return {
    exported_at: now.toISOString(),
    account: user,
    sign_in_methods: methods.data,
    memberships,
    ...lists,
    truncated: Object.entries(lists).flatMap(([name, list]) => (list.length === MOST ? [name] : [])),
  };
}
