import type { StatusTone } from "@/components/ui/status-badge";
import type { Provisioner, ProvisionerCheck } from "@/lib/contracts/provisioners";

/** What is known of a provisioner without asking it. */
export function stateOf({ last_error, last_seen_at }: Pick<Provisioner, "last_error" | "last_seen_at">): {
  tone: StatusTone;
  label: string;
} {
  if (last_error !== null) return { tone: "danger", label: "Failing" };
  return last_seen_at === null ? { tone: "waiting", label: "Not called yet" } : { tone: "positive", label: "Answers" };
}

/** What a check found, for a notice. */
export function checkWords({ provisioner, error, latency_ms, problems }: ProvisionerCheck): {
  title: string;
  description: string;
} {
  const { name } = provisioner;
  if (error !== null) return { title: `${name} does not answer as it should`, description: error };
  const [first, ...others] = problems;
  if (!first) return { title: `${name} answers`, description: `In ${latency_ms} ms.` };
  const more = others.length === 0 ? "" : ` And ${others.length} more.`;
  return { title: `${name} names a problem`, description: `${first.node_name}: ${first.cause}.${more}` };
}
