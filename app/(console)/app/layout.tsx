import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Console } from "@/components/shell/console";
import { NoProject } from "@/components/shell/no-project";
import { ProjectProvider } from "@/components/shell/project-context";
import { currentProject, currentUser, requireUser } from "@/lib/accounts/session";
import { isSetUp } from "@/lib/accounts/setup";

/** Lets in who is signed in and says which project is on screen. Every call to the API is checked again there. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  if (!(await currentUser()) && !(await isSetUp())) redirect("/setup");
  const user = await requireUser((await headers()).get("x-dumont-path") ?? undefined);
  const current = await currentProject((await cookies()).get("dumont_project")?.value);
  if (!current) return <NoProject email={user.email} />;
  return (
    <ProjectProvider project={current.project} projects={current.projects} user={user}>
      <Console>{children}</Console>
    </ProjectProvider>
  );
}
