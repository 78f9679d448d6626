import { WEBHOOKS } from "@/components/deliveries/links";

/** What the debugger starts with. Kept for this tab alone, because addresses end up in logs and histories. */
export type DebuggerInput = { headers: string; body: string; receivedAt: string };

const KEY = "dumont.signature-debugger";

/** The debugger's page; with the webhook whose stored secrets it is to use. */
export function debuggerHref(webhookId?: string): string {
  const page = `${WEBHOOKS}/debugger`;
  return webhookId === undefined ? page : `${page}?webhook=${encodeURIComponent(webhookId)}`;
}

/** Leaves a request for the debugger, which the next look at its page picks up. */
export function handOver(input: DebuggerInput): void {
  window.sessionStorage.setItem(KEY, JSON.stringify(input));
}

/** What was left, once; null when nothing was. */
export function pickUp(): DebuggerInput | null {
  const text = window.sessionStorage.getItem(KEY);
  window.sessionStorage.removeItem(KEY);
  return text === null ? null : (JSON.parse(text) as DebuggerInput);
}
