import { isDisabledBySystem } from "@/components/webhooks/condition-words";
import type { Webhook } from "@/lib/contracts/webhooks";

/** A step of a webhook's health that is news. */
export type HealthStep = "warning" | "probing" | "disabled" | "recovered";

/** "off": a person switched it off, which is nobody's news. */
type Stage = "healthy" | "warning" | "probing" | "disabled" | "off";

/** The stage of each webhook, by id. */
export type Stages = ReadonlyMap<string, Stage>;
/** The latest step of each webhook that has news, by id. */
export type HealthNews = ReadonlyMap<string, HealthStep>;

export function stagesOf(webhooks: readonly Pick<Webhook, "id" | "status" | "condition">[]): Stages {
  return new Map(
    webhooks.map((webhook) => {
      const { id, status } = webhook;
      return [id, status === "disabled" && !isDisabledBySystem(webhook) ? "off" : status];
    }),
  );
}

/**
 * The news after the webhooks were read again. A step takes the place of the one before; what was so when the page was
 * opened is no news, nor is what a webhook that was not known before is like.
 */
export function newsAfter(news: HealthNews, before: Stages, now: Stages): HealthNews {
  const next = new Map<string, HealthStep>();
  for (const [id, stage] of now) {
    const was = before.get(id);
    const step = was === undefined || was === stage ? news.get(id) : stepTo(stage, was);
    if (step !== undefined) next.set(id, step);
  }
  return next;
}

function stepTo(stage: Stage, before: Stage): HealthStep | undefined {
  if (stage === "off") return undefined;
  if (stage !== "healthy") return stage;
  // From disabled it comes back only because somebody enabled it.
  return before === "warning" || before === "probing" ? "recovered" : undefined;
}
