import type { ReactNode } from "react";
import { ConfigFrame } from "@/components/configurations/config-frame";

type Props = { params: Promise<{ config_id: string }>; children: ReactNode };

/** Keyed by the configuration: what is being written belongs to one and does not go along to the next. */
export default async function ConfigurationLayout({ params, children }: Props) {
  const { config_id } = await params;
  return (
    <ConfigFrame key={config_id} configId={config_id}>
      {children}
    </ConfigFrame>
  );
}
