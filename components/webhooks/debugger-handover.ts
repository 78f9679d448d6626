import { WEBHOOKS } from "@/components/deliveries/links";

/** What the debugger starts with. Kept for this tab alone, because addresses end up in logs and histories. */
export type DebuggerInput = { headers: string; body: string; receivedAt: string };

const KEY = "dumont.signature-debugger";

/** The debugger's page: with the webhook whose stored secrets it is to use, or with what was handed over. */
export function debuggerHref(start: { webhook: string } | { from: "receiver" }): string {
  return `${WEBHOOKS}/debugger?${new URLSearchParams(start)}`;
}

/** Leaves a request for the debugger in this tab. */
export function handOver(input: DebuggerInput): void {
  window.sessionStorage.setItem(KEY, JSON.stringify(input));
}

/** What was left last; null when nothing was. */
export function handedOver(): DebuggerInput | null {
  const text = window.sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as DebuggerInput);
}
