import type { Naming } from "@/lib/credits/view";
import { findAuthors } from "@/lib/webhooks/change-queries";

/** Who made lines and grants, by the names that the project knows; whoever runs the installation is not told by name. */
export async function namesIn(projectId: string, bys: readonly string[]): Promise<Naming> {
  const authorOf = await findAuthors(projectId, [...new Set(bys)]);
  return (by, given) => {
    const { name } = authorOf(by);
    return { id: by, name: name ?? (by === "system" ? "Dumont" : given ? "Administrator" : "Somebody who left") };
  };
}
