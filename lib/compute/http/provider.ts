import type { z } from "zod";
import { callProvisioner, type ProvisionerTarget } from "@/lib/compute/http/call";
import { recordContact } from "@/lib/compute/http/contact";
import {
  findReply,
  healthReply,
  listReply,
  type ProvisionerRequest,
  snapshotBody,
  snapshotReply,
  startBody,
  startReply,
  stopReply,
} from "@/lib/compute/http/protocol";
import { openProvisionerSecret } from "@/lib/compute/http/secret";
import {
  type ComputeProvider,
  LABEL_PREFIX,
  type LaunchRequest,
  type Machine,
  type NodeProblem,
  ProviderError,
  type SnapshotProgress,
  type SnapshotRequest,
} from "@/lib/compute/provider";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { createGuardedClient, type GuardedClient } from "@/lib/net/guarded-request";

/** What of a row of the table is needed; the secret as it is stored. */
export type StoredProvisioner = { id: string; url: string; secret: string };

const POLL_MS = 2_000;
const MOST_PAGES = 1_000;

let sharedClient: GuardedClient | undefined;

/** The way out to provisioners, with the same guard as that to webhooks: EGRESS_ALLOW says what internal is allowed. */
export function provisionerClient(): GuardedClient {
  sharedClient ??= createGuardedClient({ policy: egressPolicy() });
  return sharedClient;
}

/**
 * Somebody's own machines, behind a provisioner that an administrator has added.
 * @throws ProviderError "unreachable" when its secret cannot be read with the keys of this process
 */
export function httpProvider({ id, url, secret }: StoredProvisioner): ComputeProvider {
  const target = { url, secret: readSecret(id, secret), client: provisionerClient() };
  return createHttpProvider(target, (error) => recordContact(id, error));
}

/** Nothing is decided by it: with the right key, asking again helps. */
function readSecret(id: string, sealed: string): string {
  try {
    return openProvisionerSecret(id, sealed);
  } catch (err) {
    log.error({ err, provisioner: id }, "the secret of a provisioner cannot be read");
    throw new ProviderError("unreachable", "Its secret cannot be read with the key of this installation; replace it.");
  }
}

/**
 * The provider over a provisioner's contract, docs/provisioner.md.
 * @param onContact told after each call how it went; null: well
 */
export function createHttpProvider(
  target: ProvisionerTarget,
  onContact: (error: ProviderError | null) => Promise<void> | void = () => {},
): ComputeProvider {
  return new HttpProvider(target, onContact);
}

class HttpProvider implements ComputeProvider {
  readonly name = "http";
  readonly pollMs = POLL_MS;
  readonly #target: ProvisionerTarget;
  readonly #onContact: (error: ProviderError | null) => Promise<void> | void;

  constructor(target: ProvisionerTarget, onContact: (error: ProviderError | null) => Promise<void> | void) {
    this.#target = target;
    this.#onContact = onContact;
  }

  async start(request: LaunchRequest): Promise<Machine> {
    const { machine } = await this.#call(startBody(request), startReply);
    return sameLabel(machine, request.label);
  }

  async find(label: string): Promise<Machine | null> {
    const { machine } = await this.#call({ operation: "find", label }, findReply);
    return machine && sameLabel(machine, label);
  }

  async stop(label: string): Promise<Machine | null> {
    const { machine } = await this.#call({ operation: "stop", label }, stopReply);
    return machine && sameLabel(machine, label);
  }

  async list(): Promise<Machine[]> {
    const machines: Machine[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const request: ProvisionerRequest = { operation: "list", label_prefix: LABEL_PREFIX, cursor };
      const reply: z.output<typeof listReply> = await this.#call(request, listReply);
      machines.push(...reply.machines.filter(({ label }) => label.startsWith(LABEL_PREFIX)));
      if (!reply.next_cursor) return machines;
      cursor = reply.next_cursor;
    }
    throw new ProviderError("refused", `The provisioner's list has more than ${MOST_PAGES} pages.`);
  }

  async snapshot(request: SnapshotRequest): Promise<SnapshotProgress> {
    const { snapshot } = await this.#call(snapshotBody(request), snapshotReply);
    return snapshot;
  }

  async problems(nodeNames: readonly string[]): Promise<NodeProblem[]> {
    const { problems } = await this.#call({ operation: "health", node_names: nodeNames }, healthReply);
    return problems.filter(({ nodeName }) => nodeNames.includes(nodeName));
  }

  async #call<S extends z.ZodType>(request: ProvisionerRequest, reply: S): Promise<z.output<S>> {
    try {
      const answer = await callProvisioner(this.#target, request, reply);
      await this.#onContact(null);
      return answer;
    } catch (error) {
      if (error instanceof ProviderError) await this.#onContact(error);
      throw error;
    }
  }
}

function sameLabel(machine: Machine, label: string): Machine {
  if (machine.label === label) return machine;
  throw new ProviderError("refused", "The provisioner answered with a machine of another label.");
}
