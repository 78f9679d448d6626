import type { ReactNode } from "react";
import { SettingsTabs } from "@/components/shell/settings-tabs";

/** The pages of the settings; each has its own heading. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SettingsTabs />
      {children}
    </>
  );
}
