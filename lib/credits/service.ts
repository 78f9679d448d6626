import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import {
  type AdminCredits,
  adminCreditsSchema,
  CREDIT_LIMITS,
  type CreditGrantView,
  type createGrantBody,
  type grantQuery,
  type voidGrantBody,
} from "@/lib/contracts/credits";
import { creditsText, toJsonMicros } from "@/lib/contracts/money";
import { lockFunds } from "@/lib/credits/account";
import { type Fund, rulesFor, spendableFunds } from "@/lib/credits/funds";
import { grantCredits } from "@/lib/credits/movements";
import { namesIn } from "@/lib/credits/names";
import { move, post } from "@/lib/credits/post";
import { type Page, readGrants } from "@/lib/credits/queries";
import { ceilToMidnight } from "@/lib/credits/rollover";
import { toGrant } from "@/lib/credits/view";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { isId } from "@/lib/ids";

/** What installation admins do with the credits of any project. */

/**
 * @returns the grant, and whether its end was put off to a midnight UTC
 * @throws AppError "not_found"; "validation_failed" for an end that is past or absurdly far, or too large an amount
 */
export async function createGrant(
  admin: Administrator,
  projectId: string,
  body: z.output<typeof createGrantBody>,
  now = new Date(),
): Promise<CreditGrantView & { expiry_rounded: boolean }> {
  await requireProject(projectId);
  const asked = body.expires_at === null ? null : new Date(body.expires_at);
  const expiresAt = asked && endOf(asked, now);
  const grant = await transaction((tx) =>
    grantCredits(tx, {
      projectId,
      source: body.source,
      amount: BigInt(body.amount_micros),
      expiresAt,
      priority: body.priority,
      note: body.note,
      by: admin.subject.id,
      now,
    }),
  );
  const view = toGrant(grant, now, await namesIn(projectId, [grant.createdBy]));
  return { ...view, expiry_rounded: expiresAt?.getTime() !== asked?.getTime() };
}

/**
 * Takes back what is available of a grant, or so much of it; what is held or spent stays.
 * @throws AppError "not_found"; "conflict" when nothing is left; "validation_failed" when less is left than asked for
 */
export async function voidGrant(
  admin: Administrator,
  grantId: string,
  body: z.output<typeof voidGrantBody>,
  now = new Date(),
): Promise<CreditGrantView> {
  const found = await db.creditGrant.findUnique({ where: { id: grantId }, select: { projectId: true } });
  if (!found) throw new AppError("not_found", "There is no such grant.");
  const { projectId } = found;
  await transaction(async (tx) => {
    const { at, funds } = await lockFunds(tx, projectId, now);
    const left = funds.find(({ id }) => id === grantId)?.available ?? 0n;
    if (left === 0n) {
      throw new AppError(
        "conflict",
        "Nothing of this grant is left to take back: the rest is held, spent or has run out.",
      );
    }
    const amount = body.amount_micros === undefined ? left : BigInt(body.amount_micros);
    if (amount > left) {
      throw invalidField("amount_micros", `Only ${creditsText(left)} credits of this grant are left to take back.`);
    }
    await post(tx, {
      projectId,
      kind: body.amount_micros === undefined ? "void" : "adjust",
      entries: move(grantId, "available", "funding", amount),
      at,
      by: admin.subject.id,
      note: body.note,
    });
  });
  const row = await db.creditGrant.findUniqueOrThrow({ where: { id: grantId } });
  return toGrant(row, now, await namesIn(projectId, [row.createdBy]));
}

/** @throws AppError "not_found", "invalid_cursor" */
export async function listAdminGrants(
  _admin: Administrator,
  projectId: string,
  query: z.output<typeof grantQuery>,
  now = new Date(),
): Promise<Page<CreditGrantView>> {
  await requireProject(projectId);
  return readGrants(projectId, query, now);
}

/** Projects, newest first, with what they can spend now. @throws AppError "invalid_cursor" */
export async function listAdminCredits(
  _admin: Administrator,
  { cursor, limit, q }: { cursor?: string | undefined; limit: number; q?: string | undefined },
  now = new Date(),
): Promise<Page<AdminCredits>> {
  if (cursor !== undefined && !isId("project", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.project.findMany({
    where: {
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
      ...(q ? { OR: [{ id: q }, { name: { contains: q, mode: "insensitive" } }] } : {}),
    },
    select: { id: true, name: true, plan: true, creditAccount: { select: { held: true } } },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const ids = page.map(({ id }) => id);
  const funds = await db.$queryRaw<(Fund & { projectId: string })[]>`
    SELECT id, project_id AS "projectId", source, available, priority, expires_at AS "expiresAt", created_at AS "createdAt"
      FROM credit_grant WHERE project_id = ANY(${ids}::text[]) AND available > 0`;
  const live = Map.groupBy(spendableFunds(funds, now, await rulesFor(db, funds, now)), ({ projectId }) => projectId);
  const data = page.map(({ creditAccount, ...project }) => {
    const own = live.get(project.id) ?? [];
    const ends = own.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt.getTime()]));
    const next = ends.length === 0 ? null : Math.min(...ends);
    const sum = (some: readonly Fund[]) => toJsonMicros(some.reduce((total, { available }) => total + available, 0n));
    return adminCreditsSchema.parse({
      project,
      available_micros: sum(own),
      held_micros: toJsonMicros(creditAccount?.held ?? 0n),
      next_expiry:
        next === null
          ? null
          : {
              expires_at: new Date(next).toISOString(),
              amount_micros: sum(own.filter(({ expiresAt }) => expiresAt?.getTime() === next)),
            },
    });
  });
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.project.id ?? null) : null };
}

function endOf(asked: Date, now: Date): Date {
  const end = ceilToMidnight(asked);
  if (asked <= now)
    throw invalidField("expires_at", "Give a time in the future, or null for credits that never run out.");
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + CREDIT_LIMITS.mostYears);
  if (end > last) {
    throw invalidField(
      "expires_at",
      `Give at most ${CREDIT_LIMITS.mostYears} years, or null for credits that never run out.`,
    );
  }
  return end;
}

async function requireProject(projectId: string): Promise<void> {
  const found = await db.project.findUnique({ where: { id: projectId }, select: { id: true } });
  if (!found) throw new AppError("not_found", "There is no such project.");
}
