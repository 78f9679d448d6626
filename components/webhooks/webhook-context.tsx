"use client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Webhook, WebhookHealth } from "@/lib/contracts/webhooks";

type WebhookContextValue = {
  webhook: Webhook;
  /** Numbers of the last 24 hours; undefined until they are read. */
  health: WebhookHealth | undefined;
  healthFailed: boolean;
};

const WebhookContext = createContext<WebhookContextValue | null>(null);

export function WebhookProvider({
  webhook,
  health,
  healthFailed,
  children,
}: WebhookContextValue & { children: ReactNode }) {
  const value = useMemo(() => ({ webhook, health, healthFailed }), [webhook, health, healthFailed]);
  return <WebhookContext value={value}>{children}</WebhookContext>;
}

/** The webhook whose page is open, always loaded. @throws Error outside a webhook's page. */
export function useWebhook(): WebhookContextValue {
  const value = useContext(WebhookContext);
  if (!value) throw new Error("useWebhook needs a webhook's page around it.");
  return value;
}
