import {
  type ComputeProvider,
  type LaunchRequest,
  type Machine,
  ProviderError,
  type SnapshotProgress,
  type SnapshotRequest,
} from "@/lib/compute/provider";
import { VastClient, type VastClientOptions } from "@/lib/compute/vast/client";
import { destroy, listContracts, type RentOutcome, rent, resume } from "@/lib/compute/vast/contracts";
import { type LabelledInstance, stateOf, toMachine } from "@/lib/compute/vast/machine";
import { ceilingOf, type OfferRules, searchOffers } from "@/lib/compute/vast/offers";
import type { RegistryOptions } from "@/lib/compute/vast/registry";
import { Snapshots } from "@/lib/compute/vast/snapshots";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

export type VastOptions = Omit<VastClientOptions, "apiKey"> &
  OfferRules & {
    apiKey: string | undefined;
    /** Where snapshots are pushed to; null: none are taken. */
    registry: RegistryOptions | null;
    /** How long after a lost answer no other contract is made, in ms. */
    doubtMs?: number;
    now?: () => Date;
  };

/** Offers that one start tries before it says that there is nothing to be had. */
const MOST_TRIES = 5;

/** By so much the price may differ between the search and the contract: rounding, and what its disk comes to. */
const PRICE_TOLERANCE = 1.02;

/** So long after a lost answer a contract may still turn up in the list. */
const DOUBT_MS = 30_000;

const POLL_MS = 5_000;

let installation: ComputeProvider | undefined;

/**
 * Machines of vast.ai's market. Without options: the one of this installation, by the environment; a process has one,
 * because the limits of vast.ai's API hold for the whole account.
 */
export function vastProvider(options?: VastOptions): ComputeProvider {
  if (options) return new VastProvider(options);
  installation ??= new VastProvider({
    apiUrl: env.VAST_API_URL,
    apiKey: env.VAST_API_KEY,
    minReliability: env.VAST_MIN_RELIABILITY,
    maxUsdPerGpuHour: env.VAST_MAX_USD_PER_GPU_HOUR ?? null,
    registry: registryOfEnvironment(),
  });
  return installation;
}

function registryOfEnvironment(): RegistryOptions | null {
  const { VAST_REGISTRY, VAST_REGISTRY_REPOSITORY, VAST_REGISTRY_USER, VAST_REGISTRY_PASSWORD } = env;
  if (!VAST_REGISTRY_REPOSITORY || !VAST_REGISTRY_USER || !VAST_REGISTRY_PASSWORD) return null;
  return {
    host: VAST_REGISTRY,
    repository: VAST_REGISTRY_REPOSITORY,
    user: VAST_REGISTRY_USER,
    password: VAST_REGISTRY_PASSWORD,
  };
}

/**
 * vast.ai knows no idempotency key, so the label stands for one: every start looks for contracts of its label before it
 * rents, and again after it has. Where two processes rented at once, both see both contracts and keep the older one.
 */
class VastProvider implements ComputeProvider {
  readonly name = "vast";
  readonly pollMs = POLL_MS;
  readonly #options: VastOptions;
  readonly #client: VastClient | null;
  readonly #snapshots: Snapshots;
  readonly #starting = new Map<string, Promise<Machine>>();
  /** Labels for which a contract may have been made, and until when (ms since 1970) no other is. */
  readonly #doubts = new Map<string, number>();
  /** Ended by us; vast.ai may list them for a while. */
  readonly #ended = new Set<number>();

  constructor(options: VastOptions) {
    this.#options = options;
    this.#client = options.apiKey === undefined ? null : new VastClient({ ...options, apiKey: options.apiKey });
    this.#snapshots = new Snapshots(options.registry, () => this.#now());
  }

  start(request: LaunchRequest): Promise<Machine> {
    const underWay = this.#starting.get(request.label);
    if (underWay) return underWay;
    const started = this.#start(request).finally(() => this.#starting.delete(request.label));
    this.#starting.set(request.label, started);
    return started;
  }

  async find(label: string): Promise<Machine | null> {
    const best = this.#best(await this.#contracts(label));
    return best ? toMachine(best, this.#now()) : null;
  }

  async stop(label: string): Promise<Machine | null> {
    await this.#starting.get(label)?.catch(() => {});
    for (const contract of await this.#contracts(label)) await this.#end(contract, "it is not wanted any more");
    return null;
  }

  async list(): Promise<Machine[]> {
    const byLabel = Map.groupBy(await this.#contracts(), ({ label }) => label);
    const machines: Machine[] = [];
    for (const contracts of byLabel.values()) {
      const one = await this.#onlyOne(contracts);
      if (one) machines.push(toMachine(one, this.#now()));
    }
    return machines;
  }

  async snapshot(request: SnapshotRequest): Promise<SnapshotProgress> {
    return this.#snapshots.progress(this.#key(), request, async () => this.#best(await this.#contracts(request.label)));
  }

  /** The market has no nodes of ours: a machine whose host fails is found as failed. */
  async problems(): Promise<[]> {
    return [];
  }

  async #start(request: LaunchRequest): Promise<Machine> {
    const client = this.#key();
    const there = await this.#settled(request);
    if (there) {
      if (stateOf(there, this.#now()).state === "stopped") await resume(client, there.id);
      return toMachine(there, this.#now());
    }
    this.#refuseWhileInDoubt(request.label);
    const offers = await searchOffers(client, request, this.#options, this.#now());
    let invalid: string | null = null;
    for (const offer of offers.slice(0, MOST_TRIES)) {
      const result = await rent(client, offer, request);
      if (result.outcome === "invalid") invalid = result.message;
      if (result.outcome === "taken" || result.outcome === "invalid") continue;
      const contract = await this.#onlyOne(await this.#contracts(request.label));
      if (!contract) throw this.#inDoubt(request.label, result);
      // Another process may have rented one that is older and stays, by an offer of its own.
      const isOther = result.outcome === "rented" && result.contractId !== contract.id;
      const objection = this.#objection(contract, request, isOther ? null : offer.dph_total);
      if (objection === null) {
        log.info({ label: request.label, contract: contract.id, offer: offer.id }, "rented a machine of vast.ai");
        return toMachine(contract, this.#now());
      }
      await this.#end(contract, objection);
    }
    if (invalid !== null)
      throw new ProviderError("refused", `vast.ai does not accept what is to be started: ${invalid}`);
    throw new ProviderError("capacity", noneLeft(request, offers.length));
  }

  /** The one contract of the label that is to go on; beyond it none stays, and none that failed or costs too much. */
  async #settled(request: LaunchRequest): Promise<LabelledInstance | null> {
    const one = await this.#onlyOne(await this.#contracts(request.label));
    if (one === null) return null;
    this.#doubts.delete(request.label);
    const objection = this.#objection(one, request);
    if (objection === null) return one;
    await this.#end(one, objection);
    return null;
  }

  /**
   * Why a contract is not kept.
   * @param offered dollars an hour that its offer said; null: it is not known which offer it was
   */
  #objection(contract: LabelledInstance, request: LaunchRequest, offered: number | null = null): string | null {
    const { state, failure } = stateOf(contract, this.#now());
    if (state === "failed") return failure ?? "it failed";
    const ceiling = ceilingOf(request, this.#options.maxUsdPerGpuHour) ?? Number.POSITIVE_INFINITY;
    const highest = Math.min(ceiling, offered === null ? ceiling : offered * PRICE_TOLERANCE);
    const price = contract.dph_total ?? 0;
    return price <= highest ? null : `it costs ${price} dollars an hour, and ${highest} are the most`;
  }

  /** A contract may have been made that nobody sees yet. */
  #inDoubt(label: string, result: RentOutcome): ProviderError {
    this.#doubts.set(label, this.#now().getTime() + (this.#options.doubtMs ?? DOUBT_MS));
    return result.outcome === "unknown"
      ? result.error
      : new ProviderError("unreachable", "vast.ai does not list the instance that it has made yet.");
  }

  #refuseWhileInDoubt(label: string): void {
    const left = (this.#doubts.get(label) ?? 0) - this.#now().getTime();
    if (left > 0)
      throw new ProviderError("unreachable", "Whether vast.ai has rented a machine is not known yet.", left);
    this.#doubts.delete(label);
  }

  /** Ends all contracts of a label but one: two were made when an answer was lost, or by two processes at once. */
  async #onlyOne(contracts: readonly LabelledInstance[]): Promise<LabelledInstance | null> {
    const best = this.#best(contracts);
    for (const contract of contracts) {
      if (contract !== best) await this.#end(contract, "there is another of the same label");
    }
    return best;
  }

  /** Whoever looks finds the same: the oldest that can still run, else the oldest. */
  #best(contracts: readonly LabelledInstance[]): LabelledInstance | null {
    const now = this.#now();
    return contracts.find((contract) => stateOf(contract, now).state !== "failed") ?? contracts[0] ?? null;
  }

  async #contracts(label?: string): Promise<LabelledInstance[]> {
    const listed = await listContracts(this.#key(), label);
    return listed.filter(({ id }) => !this.#ended.has(id));
  }

  async #end(contract: LabelledInstance, why: string): Promise<void> {
    await destroy(this.#key(), contract.id);
    this.#ended.add(contract.id);
    log.info({ label: contract.label, contract: contract.id, why }, "ended a contract of vast.ai");
  }

  #key(): VastClient {
    if (this.#client) return this.#client;
    throw new ProviderError("refused", "Set VAST_API_KEY to rent machines of vast.ai.");
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }
}

function noneLeft({ gpuCount, gpuType }: LaunchRequest, offers: number): string {
  const wanted = `${gpuCount} × ${gpuType}`;
  return offers === 0
    ? `vast.ai has no offer of ${wanted} for as long as it is needed, within the price and reliability that are set.`
    : `All offers of ${wanted} that were tried had been taken by somebody else or had become dearer.`;
}
