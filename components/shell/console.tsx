"use client";

import {
  Activity,
  CalendarDays,
  ChartColumn,
  CircleUser,
  Coins,
  Cpu,
  FileSliders,
  HeartPulse,
  History,
  Inbox,
  KeyRound,
  LayoutDashboard,
  Radio,
  ScrollText,
  ServerCog,
  Settings2,
  Users,
  Webhook,
  Workflow as WorkflowIcon,
} from "lucide-react";
import { signOut } from "next-auth/react";
import { type ReactNode, useState } from "react";
import { CONFIGURATIONS } from "@/components/configurations/links";
import { CREDITS } from "@/components/credits/links";
import type { Permission } from "@/lib/contracts/permissions";
import { AppShell } from "./app-shell";
import { ConnectionStatus } from "./connection-status";
import { ConsoleBanners } from "./console-banners";
import { LiveConnection } from "./live-connection";
import type { NavItem } from "./nav";
import { NewProjectDialog } from "./new-project-dialog";
import { useProject } from "./project-context";
import { ProjectSwitcher } from "./project-switcher";
import { useSwitchProject } from "./use-switch-project";
import { UserMenu } from "./user-menu";

/** `needs`: shown only to those who may. */
type ConsoleItem = NavItem & { needs?: Permission };

const NAV: readonly ConsoleItem[] = [
  { href: "/app", label: "Overview", icon: <LayoutDashboard aria-hidden="true" />, exact: true },
  {
    href: "/app/reservations",
    label: "Reservations",
    icon: <CalendarDays aria-hidden="true" />,
    needs: "reservations:read",
  },
  {
    href: CONFIGURATIONS,
    label: "Configurations",
    icon: <FileSliders aria-hidden="true" />,
    needs: "configs:read",
  },
  { href: CREDITS, label: "Credits", icon: <Coins aria-hidden="true" />, needs: "credits:read" },
  { href: "/app/costs", label: "Costs", icon: <ChartColumn aria-hidden="true" />, needs: "costs:read" },
  { href: "/app/deliveries", label: "Deliveries", icon: <Activity aria-hidden="true" /> },
  { href: "/app/replays", label: "Replays", icon: <History aria-hidden="true" /> },
  { href: "/app/events", label: "Events", icon: <Radio aria-hidden="true" /> },
  {
    href: "/app/workflows",
    label: "Workflows",
    icon: <WorkflowIcon aria-hidden="true" />,
    needs: "artifacts:read",
  },
  { href: "/app/receiver", label: "Test receiver", icon: <Inbox aria-hidden="true" /> },
  { href: "/app/settings/webhooks", label: "Webhooks", icon: <Webhook aria-hidden="true" />, section: "Settings" },
  { href: "/app/settings/api-keys", label: "API keys", icon: <KeyRound aria-hidden="true" />, section: "Settings" },
  { href: "/app/settings/members", label: "Members", icon: <Users aria-hidden="true" />, section: "Settings" },
  { href: "/app/settings/project", label: "Project", icon: <Settings2 aria-hidden="true" />, section: "Settings" },
  {
    href: "/app/settings/audit-log",
    label: "Audit log",
    icon: <ScrollText aria-hidden="true" />,
    section: "Settings",
    needs: "audit:read",
  },
];

/** For whoever runs the installation. */
const ADMIN_NAV: readonly NavItem[] = [
  { href: "/app/admin", label: "Installation", icon: <ServerCog aria-hidden="true" />, section: "Administration" },
  {
    href: "/app/admin/credits",
    label: "Project credits",
    icon: <Coins aria-hidden="true" />,
    section: "Administration",
  },
  { href: "/app/admin/fleet", label: "Fleet", icon: <Cpu aria-hidden="true" />, section: "Administration" },
  { href: "/app/admin/compute", label: "Compute", icon: <HeartPulse aria-hidden="true" />, section: "Administration" },
  {
    href: "/app/admin/audit-log",
    label: "Installation log",
    icon: <ScrollText aria-hidden="true" />,
    section: "Administration",
  },
];

/** The frame of the console around a page of the project on screen. */
export function Console({ children }: { children: ReactNode }) {
  const { project, projects, user, can } = useProject();
  const nav = NAV.filter(({ needs }) => needs === undefined || can(needs));
  const [creating, setCreating] = useState(false);
  const switchProject = useSwitchProject(NAV);
  return (
    <AppShell
      nav={user.isAdmin ? [...nav, ...ADMIN_NAV] : nav}
      homeHref="/app"
      projectSwitcher={
        <ProjectSwitcher
          projects={projects.map(({ id, name, role }) => ({ id, name, note: role }))}
          currentId={project.id}
          onSelect={switchProject}
          onCreate={() => setCreating(true)}
        />
      }
      connection={<ConnectionStatus />}
      userMenu={
        <UserMenu
          name={user.name}
          email={user.email}
          items={[{ href: "/app/account", label: "Account", icon: <CircleUser aria-hidden="true" /> }]}
          onSignOut={() => void signOut({ callbackUrl: "/login" })}
        />
      }
      navFooter={
        <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer" className="hover:text-ink hover:underline">
          API description (OpenAPI)
        </a>
      }
      banner={<ConsoleBanners />}
    >
      <LiveConnection projectId={project.id} />
      <NewProjectDialog open={creating} onOpenChange={setCreating} onCreated={switchProject} />
      {children}
    </AppShell>
  );
}
