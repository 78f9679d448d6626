import { z } from "zod";
import type { EventDetail } from "@/lib/contracts/events";

const SOURCES: ReadonlyMap<string, { word: string; meaning: string }> = new Map(
  Object.entries({
    api: { word: "API", meaning: "Emitted with an API key" },
    console: { word: "Console", meaning: "Emitted by a person in this console" },
    test: { word: "Test", meaning: "Sent by a webhook's test button, to that webhook alone" },
    forged_test: { word: "Forged test", meaning: "A test with a wrong signature, which the receiver should refuse" },
    platform: { word: "Platform", meaning: "Emitted by a change on the platform" },
    engine: { word: "Delivery engine", meaning: "The delivery engine reports about itself" },
  } satisfies Record<EventDetail["source"], { word: string; meaning: string }>),
);

/** Where an event came from. */
export function sourceWord(source: string): string {
  return SOURCES.get(source)?.word ?? source;
}

/** The same in a sentence; empty for a source that is not known. */
export function sourceMeaning(source: string): string {
  return SOURCES.get(source)?.meaning ?? "";
}

const aboutWebhookSchema = z.object({ data: z.object({ webhook_id: z.string() }) });

/** The webhook that a test or an event of the delivery engine is about; null for other events. */
export function aboutWebhook({ source, body }: Pick<EventDetail, "source" | "body">): string | null {
  if (source !== "test" && source !== "forged_test" && source !== "engine") return null;
  return aboutWebhookSchema.safeParse(JSON.parse(body)).data?.data.webhook_id ?? null;
}
