import { setTimeout as sleep } from "node:timers/promises";
import { type ProvisionerTarget, signedHeaders } from "@/lib/compute/http/call";
import { createHttpProvider } from "@/lib/compute/http/provider";
import {
  type ComputeProvider,
  LABEL_PREFIX,
  type LaunchRequest,
  type Machine,
  ProviderError,
} from "@/lib/compute/provider";
import { newId } from "@/lib/ids";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

export type ConformanceOptions = {
  target: ProvisionerTarget;
  /** What is started; the label is chosen here. */
  launch: Omit<LaunchRequest, "label">;
  /** How long a machine may take until it runs, and a snapshot until it is complete, in ms. */
  patienceMs: number;
  pollMs: number;
};

export type Requirement = { name: string; problem: string | null };

/** What is checked: rejects with what is wrong. */
type Check = { name: string; check: () => Promise<void> };

/**
 * Whether a provisioner keeps the contract of docs/provisioner.md, requirement by requirement, with real machines. What it
 * has started it stops at the end.
 * @param onResult told after each
 * @returns all, in order; a problem is a sentence
 */
export async function checkProvisioner(
  options: ConformanceOptions,
  onResult: (requirement: Requirement) => void = () => {},
): Promise<Requirement[]> {
  const labels = [0, 1].map(() => `${LABEL_PREFIX}check-${newId("instance")}`) as [string, string];
  const provider = createHttpProvider(options.target);
  const results: Requirement[] = [];
  try {
    for (const { name, check } of checks(options, provider, labels)) {
      const problem = await check().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const result = { name, problem };
      results.push(result);
      onResult(result);
    }
  } finally {
    for (const label of labels) await provider.stop(label).catch(() => {});
  }
  return results;
}

function checks(
  { target, launch, patienceMs, pollMs }: ConformanceOptions,
  provider: ComputeProvider,
  [label, other]: [string, string],
): Check[] {
  const request = { ...launch, label };
  let started: Machine | undefined;
  const until = async <T>(look: () => Promise<T>, isSo: (value: T) => boolean, what: string): Promise<T> => {
    const end = performance.now() + patienceMs;
    for (;;) {
      const value = await look();
      if (isSo(value)) return value;
      if (performance.now() > end) throw new Error(`${what} within ${patienceMs / 1000} s.`);
      await sleep(pollMs);
    }
  };
  return [
    { name: "answers a health call", check: async () => void (await provider.problems([])) },
    ...signatureChecks(target),
    {
      name: "refuses an operation that it does not know",
      check: () => mustRefuse(post(target, { body: '{"operation":"no-such-operation"}' })),
    },
    {
      name: "knows no machine of an unknown label",
      check: async () => must((await provider.find(label)) === null, "find answered with a machine."),
    },
    {
      name: "takes a stop of an unknown label calmly",
      check: async () => must((await provider.stop(label)) === null, "stop answered with a machine."),
    },
    {
      name: "starts a machine",
      check: async () => {
        started = await provider.start(request);
        must(started.state === "loading" || started.state === "running", `Its state is ${started.state}.`);
      },
    },
    {
      name: "starts it once, however often it is asked, one after another and at once",
      check: async () => {
        const first = present(started);
        const again = await provider.start(request);
        const atOnce = await Promise.all(Array.from({ length: 5 }, () => provider.start({ ...launch, label: other })));
        await provider.stop(other);
        must(again.externalId === first.externalId, "A second start of the label made another machine.");
        must(new Set(atOnce.map(({ externalId }) => externalId)).size === 1, "Five starts at once made several.");
      },
    },
    {
      name: "finds it by its label",
      check: async () => {
        const first = present(started);
        const found = await provider.find(label);
        must(found?.externalId === first.externalId, "find did not answer with the machine that was started.");
      },
    },
    {
      name: "lists it once",
      check: async () => {
        present(started);
        const count = (await provider.list()).filter((machine) => machine.label === label).length;
        must(count === 1, `It is listed ${count} times.`);
      },
    },
    {
      name: "brings it to run, at an address",
      check: async () => {
        present(started);
        const running = await until(
          () => provider.find(label),
          (machine) => machine === null || machine.state === "running" || machine.state === "failed",
          "It did not run",
        );
        must(running?.state === "running", running?.failure ?? "It is gone.");
        must(running?.address != null, "It has no address.");
      },
    },
    {
      name: "takes a snapshot with checksums, or says that it takes none",
      check: async () => {
        present(started);
        await snapshot(provider, label, until);
      },
    },
    {
      name: "stops it for good",
      check: async () => {
        present(started);
        await provider.stop(label);
        await until(() => provider.find(label), isOver, "It was neither gone nor stopped");
      },
    },
    {
      name: "stops it as often as it is asked",
      check: async () => {
        present(started);
        must(isOver(await provider.stop(label)), "A second stop answered with a machine that has not stopped.");
      },
    },
    {
      name: "lists it no more, or as stopped",
      check: async () => {
        const left = (await provider.list()).filter((machine) => machine.label === label);
        must(left.every(isOver), "It is still listed.");
      },
    },
  ];
}

/** Asking for a list does no harm where a provisioner takes everything. */
function signatureChecks(target: ProvisionerTarget): Check[] {
  const body = JSON.stringify({ operation: "list", label_prefix: LABEL_PREFIX, cursor: null });
  const now = () => Math.floor(Date.now() / 1000);
  return [
    {
      name: "refuses a request without a signature",
      check: () => mustRefuse(post(target, { body, unsigned: true })),
    },
    {
      name: "refuses a signature by another secret",
      check: () => mustRefuse(post(target, { body, secret: generateSecret() })),
    },
    {
      name: "refuses a body that was changed after it was signed",
      check: () => mustRefuse(post(target, { body, sentBody: body.replace("null", '""') })),
    },
    {
      name: "refuses a timestamp of ten minutes ago",
      check: () => mustRefuse(post(target, { body, timestamp: now() - 600 })),
    },
    {
      name: "refuses a timestamp of ten minutes ahead",
      check: () => mustRefuse(post(target, { body, timestamp: now() + 600 })),
    },
    {
      name: "accepts a request that is signed rightly",
      check: async () => {
        const { status } = await post(target, { body });
        must(status >= 200 && status < 300, `It answered ${status}.`);
      },
    },
  ];
}

type Sent = { body: string; sentBody?: string; secret?: string; timestamp?: number; unsigned?: boolean };

async function post(target: ProvisionerTarget, { body, sentBody, secret, timestamp, unsigned }: Sent) {
  const signed = { id: newId("request"), timestamp: timestamp ?? Math.floor(Date.now() / 1000) };
  const headers = signedHeaders(body, toSigningKey(secret ?? target.secret), signed);
  return target.client.post({
    url: target.url,
    headers: unsigned ? { "content-type": "application/json" } : headers,
    body: sentBody ?? body,
    deadlineMs: target.deadlineMs ?? 30_000,
  });
}

async function mustRefuse(answer: Promise<{ status: number }>): Promise<void> {
  const { status } = await answer;
  const isRefusal = (status >= 400 && status < 500) || status === 501;
  must(isRefusal, `It answered ${status} instead of refusing with 4xx.`);
}

async function snapshot(
  provider: ComputeProvider,
  label: string,
  until: <T>(look: () => Promise<T>, isSo: (value: T) => boolean, what: string) => Promise<T>,
): Promise<void> {
  const request = { snapshotId: newId("snapshot"), label, name: "conformance check" };
  try {
    const isDone = ({ state }: { state: string }) => state !== "running";
    const taken = await until(() => provider.snapshot(request), isDone, "The snapshot was not complete");
    must(taken.state === "completed", taken.state === "failed" ? taken.failure : taken.state);
    if (taken.state !== "completed") return;
    must(Object.keys(taken.checksums).length > 0, "It has no checksums.");
    const again = await provider.snapshot(request);
    must(again.state === "completed", "Asked again, the same snapshot was not complete.");
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "unsupported")) throw error;
  }
}

function isOver(machine: Machine | null): boolean {
  return machine === null || machine.state === "stopped";
}

function present(machine: Machine | undefined): Machine {
  if (machine) return machine;
  throw new Error("Not checked: no machine was started.");
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
