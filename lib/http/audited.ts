import type { Actor, Principal } from "@/lib/accounts/actor";
import { type AuditActor, recordAudit } from "@/lib/audit-log/record";
import type { Operation } from "@/lib/contracts/operation";
import { AppError } from "@/lib/errors";
import { clientAddress } from "@/lib/http/client-address";
import { kindOfId } from "@/lib/ids";

type Call = {
  operation: Operation;
  principal: Principal | null;
  actor: Actor | undefined;
  params: Record<string, string> | undefined;
  body: unknown;
  request: Request;
  requestId: string;
  dryRun: boolean;
};

/**
 * Carries out a call and notes in the audit log that it was done, or that role or API key did not allow it. What failed
 * otherwise has changed nothing and is not noted.
 */
export async function audited<T>(call: Call, carryOut: () => Promise<T>): Promise<T> {
  const { operation, dryRun } = call;
  if (operation.method === "GET" || operation.audit === false || dryRun) return carryOut();
  try {
    const result = await carryOut();
    await note(call, { outcome: "done", target: targetOf(call, result) });
    return result;
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") {
      await note(call, { outcome: "refused", code: error.code, target: targetOf(call, undefined) });
    }
    throw error;
  }
}

type Noted = { outcome: "done" | "refused"; code?: string; target: { kind: string; id: string } | null };

function note({ operation, principal, actor, params, body, request, requestId }: Call, noted: Noted): Promise<void> {
  return recordAudit({
    // Admins work on projects that they need not belong to; the project is to see what they did.
    projectId: actor?.projectId ?? params?.project_id ?? (noted.target?.kind === "project" ? noted.target.id : null),
    actor: whoIs(principal),
    action: operation.id,
    ...noted,
    asked: body,
    address: clientAddress(request),
    userAgent: request.headers.get("user-agent"),
    requestId,
  });
}

function whoIs(principal: Principal | null): AuditActor {
  if (principal === null) return { kind: "anonymous" };
  if (principal.kind === "api_key") return { kind: "api_key", id: principal.keyId };
  return { kind: "user", id: principal.userId, name: principal.email };
}

/** What the path names, or else what was made. */
function targetOf({ params = {} }: Call, result: unknown): Noted["target"] {
  const named = Object.entries(params).findLast(([name]) => name !== "project_id");
  // A token in the path is a credential.
  if (named && !named[0].includes("token"))
    return { kind: kindOfId(named[1]) ?? named[0].replace(/_id$/, ""), id: named[1] };
  const id = typeof result === "object" && result !== null && "id" in result ? result.id : undefined;
  const kind = typeof id === "string" ? kindOfId(id) : undefined;
  return typeof id === "string" && kind !== undefined ? { kind, id } : null;
}
