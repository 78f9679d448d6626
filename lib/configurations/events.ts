import type { LockedConfiguration } from "@/lib/configurations/guards";
import type { CatalogueType } from "@/lib/contracts/event-types";
import type { Tx } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";

export type ConfigEvent = Extract<CatalogueType, `config.${string}` | `variant.${string}` | "evaluation.completed">;

type Told = {
  config: Pick<LockedConfiguration, "id" | "projectId" | "name" | "application">;
  variant: string;
  /** What the type adds to `data`. */
  data?: Record<string, unknown>;
  occurredAt: Date;
  environment?: string;
  correlationId?: string;
};

/** Emits an event of a configuration, in the same transaction as what it tells. */
export async function emitConfigEvent(tx: Tx, type: ConfigEvent, told: Told): Promise<void> {
  const { config, variant, data = {}, occurredAt, environment, correlationId } = told;
  await emit(tx, config.projectId, {
    type,
    data: {
      config_id: config.id,
      config: config.name,
      application: config.application.name,
      variant,
      ...data,
    },
    source: "platform",
    application: config.application.name,
    occurredAt,
    environment,
    correlationId,
  });
}
