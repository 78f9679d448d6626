import { versionWords } from "@/components/configurations/words";
import type { ConfigInForce, Configuration } from "@/lib/contracts/configurations";
import { DEFAULT_LAUNCH_TEMPLATE } from "@/lib/contracts/launch-template";
import type { Reservation } from "@/lib/contracts/reservations";

/** What will boot when a reservation begins, as things stand now. */
export type WhatBoots =
  /** Not what was asked for, or nothing was: why, in words. */
  | { kind: "plain"; why: string }
  /** @property configId of the configuration; `version` in words, of what is deployed to `environment` */
  | { kind: "version"; configId: string; version: string; environment: string; chosen: boolean }
  /** What is deployed is not known. */
  | { kind: "unknown" };

const PLAIN = `a plain machine with ${DEFAULT_LAUNCH_TEMPLATE.image} boots, to log in to`;

/**
 * As the server decides it at the start: what is in force in the environment, or where it was deployed last.
 * @param configs all of the project; undefined while they are not known
 */
export function whatBoots(
  { config, environment }: Pick<Reservation, "config" | "environment">,
  configs: readonly Configuration[] | undefined,
): WhatBoots {
  if (config === null) return { kind: "plain", why: `It names no configuration, so ${PLAIN}.` };
  const found = configs?.find(({ name }) => name === config);
  if (found === undefined) return { kind: "unknown" };
  const inForce =
    environment === null ? latest(found.in_force) : found.in_force.find((one) => one.environment === environment);
  if (inForce === undefined) {
    const where = environment === null ? "anywhere" : `to “${environment}”`;
    return {
      kind: "plain",
      why: `“${config}” is not deployed ${where} at the moment. Unless that changes before the start, ${PLAIN}.`,
    };
  }
  return {
    kind: "version",
    configId: found.id,
    version: versionWords(inForce.version),
    environment: inForce.environment,
    chosen: environment !== null,
  };
}

function latest(inForce: readonly ConfigInForce[]): ConfigInForce | undefined {
  return inForce.toSorted((a, b) => Date.parse(b.deployed_at) - Date.parse(a.deployed_at))[0];
}
