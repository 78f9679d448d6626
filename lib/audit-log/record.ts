import { redact } from "@/lib/audit-log/redact";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";

export type AuditActor =
  | { kind: "user"; id: string; name: string }
  /** Its name is looked up. */
  | { kind: "api_key"; id: string }
  | { kind: "anonymous" };

export type NewAuditEntry = {
  /** null: it is about an account or the installation. */
  projectId: string | null;
  actor: AuditActor;
  action: string;
  target?: { kind: string; id: string } | null;
  outcome: "done" | "refused";
  code?: string;
  /** What was asked for; redacted here. */
  asked?: unknown;
  address: string | null;
  userAgent: string | null;
  requestId: string | null;
};

/** Characters that are kept of what a header says. */
const USER_AGENT_LENGTH = 300;
const ADDRESS_LENGTH = 100;

/**
 * Adds to the audit log, after the change. What was changed stands whatever becomes of this, so it never fails: an entry
 * that cannot be written is written to the process's log instead.
 */
export async function recordAudit(entry: NewAuditEntry): Promise<void> {
  const { projectId, actor, action, target = null, outcome, code = null, requestId } = entry;
  const details = redact(entry.asked);
  const userAgent = entry.userAgent?.slice(0, USER_AGENT_LENGTH).toWellFormed() ?? null;
  const address = entry.address?.slice(0, ADDRESS_LENGTH).toWellFormed() ?? null;
  const id = newId("auditEntry");
  const actorId = actor.kind === "anonymous" ? null : actor.id;
  const name = actor.kind === "user" ? actor.name : "";
  try {
    await db.$executeRaw`
      INSERT INTO audit_entry (id, project_id, actor_kind, actor_id, actor_name, action, target_kind, target_id, outcome,
                               code, details, address, user_agent, request_id)
      VALUES (${id}, ${projectId}, ${actor.kind}, ${actorId},
              coalesce((SELECT k.name FROM api_key k WHERE k.id = ${actorId}), ${name}),
              ${action}, ${target?.kind ?? null}, ${target?.id ?? null}, ${outcome}, ${code},
              ${JSON.stringify(details)}::jsonb, ${address}, ${userAgent}, ${requestId})`;
  } catch (err) {
    log.error(
      { err, audit: { id, project: projectId, actor: actorId, action, outcome, details } },
      "not in the audit log",
    );
  }
}
