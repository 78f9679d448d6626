import { hashPassword } from "@/lib/accounts/password";
import { createProject } from "@/lib/accounts/projects";
import { emitUserEvent } from "@/lib/accounts/user-events";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";

type FirstOwner = { name: string; email: string; passwordHash: string; projectName: string };

/** Any number will do, as long as nothing else locks it. */
const SET_UP_LOCK = 7_301_552_041;

/** Whether there is an account, so that the set-up page has had its time. */
export async function isSetUp(): Promise<boolean> {
  return (await db.user.findFirst({ select: { id: true } })) !== null;
}

/**
 * Sets up a new installation: the owner's account and a premium project, with demo data if asked for here or by
 * DUMONT_DEMO.
 * @throws AppError "already_set_up".
 */
export async function setUp(body: {
  name: string;
  email: string;
  password: string;
  project_name: string;
  demo: boolean;
}): Promise<{ project_id: string; email: string }> {
  if (await isSetUp()) throw alreadySetUp();
  const passwordHash = await hashPassword(body.password);
  const created = await transaction((tx) =>
    createFirstOwner(tx, { name: body.name, email: body.email, passwordHash, projectName: body.project_name }),
  );
  if (!created) throw alreadySetUp();
  if (body.demo || env.DUMONT_DEMO) await loadDemo(created.projectId);
  return { project_id: created.projectId, email: body.email };
}

/**
 * Creates the first account, who runs the installation, with its project, unless there is an account. Of several that
 * try at once the first one does it and the others, which wait, find it done.
 * @returns null when there was an account
 */
export async function createFirstOwner(
  tx: Tx,
  { name, email, passwordHash, projectName }: FirstOwner,
): Promise<{ userId: string; projectId: string } | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SET_UP_LOCK}::bigint)`;
  if (await tx.user.findFirst({ select: { id: true } })) return null;
  const user = await tx.user.create({ data: { id: newId("user"), email, name, passwordHash, isAdmin: true } });
  const project = await createProject(tx, { name: projectName, plan: "premium", ownerId: user.id });
  await emitUserEvent(tx, user, { type: "user.created" });
  return { userId: user.id, projectId: project.id };
}

/** The demo data is large and needed at most once, so its code is loaded only then. */
export async function loadDemo(projectId: string): Promise<void> {
  const { seedDemo } = await import("@/lib/demo/seed");
  await seedDemo(projectId);
}

function alreadySetUp(): AppError {
  return new AppError("already_set_up", "This installation has an owner already. Sign in, or ask to be invited.");
}
