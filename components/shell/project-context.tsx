"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Project } from "@/lib/contracts/accounts";
import type { Permission } from "@/lib/contracts/permissions";

export type ProjectContextValue = {
  /** The project on screen, with the signed-in person's role and permissions in it. */
  project: Project;
  /** All projects of the person, the one on screen included. */
  projects: readonly Project[];
  user: { id: string; name: string; email: string; isAdmin: boolean };
  /** Whether the person may do this here. Only for what to show; the server decides. */
  can: (permission: Permission) => boolean;
};

const ProjectContext = createContext<ProjectContextValue | null>(null);

export function ProjectProvider({
  project,
  projects,
  user,
  children,
}: Omit<ProjectContextValue, "can"> & { children: ReactNode }) {
  const value = useMemo(
    () => ({
      project,
      projects,
      user,
      can: (permission: Permission) => project.permissions.includes(permission),
    }),
    [project, projects, user],
  );
  return <ProjectContext value={value}>{children}</ProjectContext>;
}

/** The project on screen. @throws Error outside the console's layout. */
export function useProject(): ProjectContextValue {
  const value = useContext(ProjectContext);
  if (!value) throw new Error("useProject needs the console's layout around it.");
  return value;
}
