import { httpProvider } from "@/lib/compute/http/provider";
import { type ComputeProvider, ProviderError, type ProviderName } from "@/lib/compute/provider";
import { SimulatedProvider } from "@/lib/compute/simulated/provider";
import { vastProvider } from "@/lib/compute/vast/provider";
import { env } from "@/lib/env";
import type { Provisioner } from "@/lib/generated/prisma/client";

/** What of a pool decides who boots its machines. */
export type ProviderChoice = { computeProvider: string | null; provisioner: Provisioner | null };

/** The one provider of a process of each kind; a provisioner is made anew, for its address may change. */
const simulated = new SimulatedProvider();

/** Who boots the machines of a pool: its own choice, or COMPUTE_PROVIDER. */
export function providerNameOf({ computeProvider }: Pick<ProviderChoice, "computeProvider">): ProviderName {
  return (computeProvider ?? env.COMPUTE_PROVIDER) as ProviderName;
}

/** @throws ProviderError "refused" where the pool's provider cannot be used */
export function providerOf(choice: ProviderChoice): ComputeProvider {
  const name = providerNameOf(choice);
  switch (name) {
    case "simulated":
      return simulated;
    case "vast":
      return vastProvider();
    case "http":
      if (choice.provisioner) return httpProvider(choice.provisioner);
      throw new ProviderError("refused", "Its pool has no provisioner any more; choose one in the pool's form.");
  }
}
