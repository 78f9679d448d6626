import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";

/** Reservations belong to the premium plan. @throws AppError "plan_required" */
export async function requirePremium({ projectId }: Actor, client: Tx | typeof db = db): Promise<void> {
  const project = await client.project.findUnique({ where: { id: projectId }, select: { plan: true } });
  if (project?.plan === "premium") return;
  throw new AppError(
    "plan_required",
    "Reserving GPUs is part of the premium plan, and this project is on the free one. Whoever runs the installation can change the plan.",
  );
}
