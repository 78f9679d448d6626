"use client";
import { createContext, type ReactNode, useContext } from "react";
import { useProject } from "@/components/shell/project-context";
import type { Configuration } from "@/lib/contracts/configurations";

const ConfigContext = createContext<Configuration | null>(null);

export function ConfigProvider({ config, children }: { config: Configuration; children: ReactNode }) {
  return <ConfigContext value={config}>{children}</ConfigContext>;
}

export type ConfigContextValue = {
  config: Configuration;
  /** What addresses it in the store. */
  arg: { projectId: string; configId: string };
  /** Why it cannot be changed by the reader; undefined when it can. */
  blocked: string | undefined;
};

/** The configuration whose page this is. @throws Error outside its frame. */
export function useConfig(): ConfigContextValue {
  const config = useContext(ConfigContext);
  const { project, can } = useProject();
  if (!config) throw new Error("useConfig needs the configuration's frame around it.");
  const blocked = !can("configs:write")
    ? "Your role can look at configurations but not change them."
    : config.archived_at === null
      ? undefined
      : "This configuration is archived.";
  return { config, arg: { projectId: project.id, configId: config.id }, blocked };
}
