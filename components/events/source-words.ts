import type { EventDetail } from "@/lib/contracts/events";

const SOURCES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    api: "API",
    console: "Console",
    test: "Test",
    forged_test: "Forged test",
    platform: "Platform",
    engine: "Delivery engine",
  } satisfies Record<EventDetail["source"], string>),
);

/** Where an event came from. */
export function sourceWord(source: string): string {
  return SOURCES.get(source) ?? source;
}
