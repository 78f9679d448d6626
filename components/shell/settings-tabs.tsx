"use client";
import { usePathname } from "next/navigation";
import { LinkTabs } from "@/components/ui/link-tabs";

const TABS = [
  { href: "/app/settings/webhooks", label: "Webhooks" },
  { href: "/app/settings/api-keys", label: "API keys" },
  { href: "/app/settings/members", label: "Members" },
  { href: "/app/settings/project", label: "Project" },
  { href: "/app/settings/audit-log", label: "Audit log" },
];

/** The sections of the settings, on their first pages: below those, pages have tabs of their own and a way back. */
export function SettingsTabs() {
  const pathname = usePathname();
  if (!TABS.some(({ href }) => href === pathname)) return null;
  return <LinkTabs label="Settings" items={TABS} />;
}
