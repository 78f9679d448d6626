import type { Configuration } from "@/lib/contracts/configurations";

export type BootMoment = "later" | "now";

/**
 * Why something else boots than what is typed; null when all is well, or nothing is known.
 * @param configs those of the project, archived ones as well; undefined while they are not known
 */
export function bootWarning(
  { config, environment }: { config: string; environment: string },
  configs: readonly Configuration[] | undefined,
  when: BootMoment = "later",
): string | null {
  const [wanted, place] = [config.trim(), environment.trim()];
  if (wanted === "" || configs === undefined) return null;
  const found = configs.find(({ name }) => name === wanted);
  const otherwise =
    when === "now" ? "A plain machine boots." : "A plain machine boots unless that changes before the start.";
  if (!found) return `This project has no configuration “${wanted}”. ${otherwise}`;
  const places = found.in_force.map((entry) => entry.environment);
  if (places.length === 0) return `“${wanted}” is not deployed anywhere yet. ${otherwise}`;
  if (place === "" || places.includes(place)) return null;
  return `“${wanted}” is not deployed in “${place}”, but in ${places.join(", ")}. ${otherwise}`;
}

/** What boots, where it is known: the version in force. */
export function bootWords(
  { config, environment }: { config: string; environment: string },
  configs: readonly Configuration[] | undefined,
): string | null {
  const found = configs?.find(({ name }) => name === config.trim());
  const current = found?.in_force.find((entry) => entry.environment === environment.trim());
  return current ? `In force there: ${current.version.variant} ${current.version.version}.` : null;
}
