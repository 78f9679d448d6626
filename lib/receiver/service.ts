import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Receiver, ReceiverRequest, updateReceiverBody } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { publicOrigin } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Receiver as ReceiverRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { newestRequests } from "@/lib/receiver/queries";

/** What makes a receiver's address unguessable: 192 random bits as 32 base64url characters. */
export function newReceiverToken(): string {
  return randomBytes(24).toString("base64url");
}

/** The address to send to. Deliveries may reach exactly this path of the console and nothing else that is internal. */
export function receiverUrl(token: string): string {
  return `${publicOrigin}/receiver/${token}`;
}

/** Makes the project's receiver if it has none yet. @returns its token */
export async function ensureReceiver(tx: Tx, projectId: string): Promise<string> {
  const found = await tx.receiver.findUnique({ where: { projectId }, select: { token: true } });
  if (found) return found.token;
  // Several may find none at once: one row is made, and all read that one.
  await tx.receiver.createMany({ data: [{ projectId, token: newReceiverToken() }], skipDuplicates: true });
  const { token } = await tx.receiver.findUniqueOrThrow({ where: { projectId }, select: { token: true } });
  return token;
}

/** The project's receiver and how it answers. */
export async function getReceiver(actor: Actor): Promise<Receiver> {
  authorise(actor, "receiver:read");
  return toReceiver(await readReceiver(actor.projectId));
}

/**
 * Changes how the receiver answers from the next request on. Only what is given is written, so that a change of the
 * delay leaves a count of failures alone that is running down meanwhile.
 */
export async function updateReceiver(actor: Actor, body: z.output<typeof updateReceiverBody>): Promise<Receiver> {
  authorise(actor, "receiver:manage");
  await ensureReceiver(db, actor.projectId);
  const row = await db.receiver.update({
    where: { projectId: actor.projectId },
    data: {
      ...(body.status === undefined ? {} : { status: body.status }),
      ...(body.delay_ms === undefined ? {} : { delayMs: body.delay_ms }),
      ...(body.fail_next === undefined ? {} : { failNext: body.fail_next }),
      ...(body.fail_status === undefined ? {} : { failStatus: body.fail_status }),
    },
  });
  return toReceiver(row);
}

/**
 * What the receiver got, newest first, by keyset on the id. A page also ends early where its bodies together would
 * become too large, so follow `next_cursor` and not the number of rows.
 * @throws AppError "invalid_cursor".
 */
export async function listReceiverRequests(
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ data: ReceiverRequest[]; next_cursor: string | null }> {
  authorise(actor, "receiver:read");
  if (query.cursor !== undefined && !isId("receiverRequest", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const { requests, hasMore } = await newestRequests({
    projectId: actor.projectId,
    before: query.cursor,
    limit: query.limit,
  });
  return { data: requests, next_cursor: hasMore ? (requests.at(-1)?.id ?? null) : null };
}

/** Forgets all requests that came until now. */
export async function clearReceiverRequests(actor: Actor): Promise<void> {
  authorise(actor, "receiver:manage");
  await db.receiverRequest.deleteMany({ where: { projectId: actor.projectId } });
}

async function readReceiver(projectId: string): Promise<ReceiverRow> {
  await ensureReceiver(db, projectId);
  return db.receiver.findUniqueOrThrow({ where: { projectId } });
}

function toReceiver(row: ReceiverRow): Receiver {
  return {
    url: receiverUrl(row.token),
    status: row.status,
    delay_ms: row.delayMs,
    fail_next: row.failNext,
    fail_status: row.failStatus,
  };
}
