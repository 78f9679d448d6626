import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/accounts/actor";
import { listProjects } from "@/lib/accounts/projects";
import { readSession, SESSION_COOKIE, type SignedInUser } from "@/lib/accounts/session-token";
import type { Project } from "@/lib/contracts/accounts";

/** For pages: who is signed in. Read once per page, however many components ask. */
export const currentUser: () => Promise<SignedInUser | null> = cache(async () => {
  const store = await cookies();
  const session = await readSession(store.get(SESSION_COOKIE)?.value);
  return session?.user ?? null;
});

/**
 * For pages: the signed-in person; anybody else is sent to the log-in page.
 * @param path where to return to after signing in; a page knows it, the server does not tell it
 */
export async function requireUser(path = "/app"): Promise<SignedInUser> {
  const user = await currentUser();
  if (!user) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`);
  return user;
}

/**
 * For pages: the project to show and who acts in it, with all projects of the signed-in person to choose from.
 * @param cookieValue the value of the cookie `dumont_project`; a project that the person has left falls back to their
 * first
 * @returns null for somebody without any project
 */
export async function currentProject(
  cookieValue: string | undefined,
): Promise<{ project: Project; actor: Actor; projects: Project[] } | null> {
  const user = await requireUser();
  const projects = await listProjects(user.id);
  const project = projects.find(({ id }) => id === cookieValue) ?? projects[0];
  if (!project) return null;
  const actor: Actor = {
    projectId: project.id,
    subject: { kind: "user", id: user.id },
    role: project.role,
    permissions: new Set(project.permissions),
  };
  return { project, actor, projects };
}
