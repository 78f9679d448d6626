import { LABEL_PREFIX, type LaunchRequest, ProviderError } from "@/lib/compute/provider";
import { keyRefused, type VastClient } from "@/lib/compute/vast/client";
import { isGone, type LabelledInstance } from "@/lib/compute/vast/machine";
import { createdSchema, instancePageSchema, type Offer, refusalSchema } from "@/lib/compute/vast/shapes";

/** What vast.ai calls a contract: one rented machine. */

/** The most that vast.ai gives at once. */
const PAGE = 25;
const MOST_PAGES = 400;

/** Contracts whose label is ours, the oldest first; with a label only those of it. */
export async function listContracts(client: VastClient, label?: string): Promise<LabelledInstance[]> {
  const found: LabelledInstance[] = [];
  const query = new URLSearchParams({
    limit: String(PAGE),
    order_by: JSON.stringify([{ col: "id", dir: "asc" }]),
    select_filters: JSON.stringify(label === undefined ? {} : { label: { eq: label } }),
  });
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { status, json } = await client.call({
      endpoint: "list",
      method: "GET",
      path: `/api/v1/instances/?${query}`,
    });
    if (status === 404) throw keyRefused();
    const answer = instancePageSchema.safeParse(json);
    // Half a list would look as if machines were gone.
    if (status !== 200 || !answer.success) throw new ProviderError("unreachable", "vast.ai's list could not be read.");
    for (const instance of answer.data.instances ?? []) {
      if (isLabelled(instance) && (label === undefined || instance.label === label) && !isGone(instance)) {
        found.push(instance);
      }
    }
    const token = answer.data.next_token;
    if (!token) return found.toSorted((one, other) => one.id - other.id);
    query.set("after_token", token);
  }
  throw new ProviderError("unreachable", `vast.ai's list has more than ${MOST_PAGES} pages.`);
}

function isLabelled(instance: { label?: string | null | undefined }): instance is LabelledInstance {
  return instance.label?.startsWith(LABEL_PREFIX) ?? false;
}

/**
 * rented: a contract was made. taken: this offer is gone. invalid: vast.ai does not accept the request.
 * unknown: it may have been made.
 */
export type RentOutcome =
  | { outcome: "rented"; contractId: number }
  | { outcome: "taken" }
  | { outcome: "invalid"; message: string }
  | { outcome: "unknown"; error: ProviderError };

/** @throws ProviderError "rate_limited" or "refused": nothing was rented */
export async function rent(client: VastClient, offer: Offer, request: LaunchRequest): Promise<RentOutcome> {
  const { template, label } = request;
  let answer: { status: number; json: unknown };
  try {
    answer = await client.call({
      endpoint: "create",
      method: "PUT",
      path: `/api/v0/asks/${offer.id}/`,
      body: {
        client_id: "me",
        label,
        image: template.image,
        disk: template.disk_gb,
        env: { ...template.env, ...Object.fromEntries(template.ports.map((port) => [`-p ${port}:${port}`, "1"])) },
        ...(template.start_script !== "" && { onstart: template.start_script }),
        runtype: "ssh_direct",
        target_state: "running",
        // Refused rather than queued where the GPUs have gone meanwhile.
        cancel_unavail: true,
      },
    });
  } catch (error) {
    if (error instanceof ProviderError && error.kind === "unreachable") return { outcome: "unknown", error };
    throw error;
  }
  const created = createdSchema.safeParse(answer.json).data;
  if (created) return { outcome: "rented", contractId: created.new_contract };
  if (answer.status === 404 || answer.status === 410) return { outcome: "taken" };
  const said = refusalSchema.safeParse(answer.json).data;
  if (said?.error === "no_such_ask") return { outcome: "taken" };
  if (said?.error || said?.msg) return { outcome: "invalid", message: said.msg ?? said.error ?? "" };
  if (answer.status >= 400) return { outcome: "invalid", message: `status ${answer.status}` };
  return { outcome: "unknown", error: new ProviderError("unreachable", "vast.ai's answer could not be read.") };
}

/** Ends a contract for good; one that is not there has ended. */
export async function destroy(client: VastClient, contractId: number): Promise<void> {
  const { status, json } = await client.call({
    endpoint: "destroy",
    method: "DELETE",
    path: `/api/v0/instances/${contractId}/`,
  });
  if (status === 200 || status === 404 || status === 410) return;
  const said = refusalSchema.safeParse(json).data;
  throw new ProviderError("refused", `vast.ai does not destroy instance ${contractId}: ${said?.msg ?? status}.`);
}

/** Lets a stopped contract run again, if its GPUs are still free. */
export async function resume(client: VastClient, contractId: number): Promise<void> {
  const { status, json } = await client.call({
    endpoint: "change",
    method: "PUT",
    path: `/api/v0/instances/${contractId}/`,
    body: { state: "running" },
  });
  if (status === 200) return;
  const said = refusalSchema.safeParse(json).data;
  throw new ProviderError("refused", `vast.ai does not start instance ${contractId} again: ${said?.msg ?? status}.`);
}
