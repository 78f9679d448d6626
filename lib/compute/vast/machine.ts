import type { Machine, MachineAddress, MachineState } from "@/lib/compute/provider";
import type { VastInstance } from "@/lib/compute/vast/shapes";

/** An instance whose label is ours. */
export type LabelledInstance = VastInstance & { label: string };

/** Longer than this nothing boots; a host that pulls an image all the time is given up. */
export const LOADING_MINUTES = 30;

/** States after which vast.ai's machines do not come back by themselves, in words. */
const FAILURES: Record<string, string> = {
  exited: "Its container exited.",
  unknown: "Its host has stopped reporting.",
  offline: "Its host is offline.",
  frozen: "It was frozen by its host.",
};

/** Whether vast.ai has let go of it already: such a contract may be listed for a while. */
export function isGone(instance: VastInstance): boolean {
  return instance.cur_state === "unloaded";
}

/** @param now what loading is measured by */
export function stateOf(instance: VastInstance, now: Date): { state: MachineState; failure: string | null } {
  const status = instance.actual_status ?? "";
  const failure = FAILURES[status];
  if (failure !== undefined) return { state: "failed", failure };
  if (status === "running") return { state: "running", failure: null };
  // A stopped container gives its GPUs back; one that is meant to run is about to.
  if (status === "stopped" && instance.intended_status !== "running") return { state: "stopped", failure: null };
  // null, created, loading, rebooting, scheduling, and whatever vast.ai adds.
  const { start_date: startedAt } = instance;
  const minutes = startedAt === null || startedAt === undefined ? 0 : (now.getTime() / 1000 - startedAt) / 60;
  return status !== "rebooting" && minutes > LOADING_MINUTES
    ? { state: "failed", failure: `It was not running ${LOADING_MINUTES} minutes after it was rented.` }
    : { state: "loading", failure: null };
}

export function toMachine(instance: LabelledInstance, now: Date): Machine {
  const { state, failure } = stateOf(instance, now);
  const said = instance.status_msg?.trim().slice(0, 500) || null;
  return {
    label: instance.label,
    externalId: String(instance.id),
    state,
    address: state === "running" ? addressOf(instance) : null,
    failure: failure === null ? null : [failure, said].filter((part) => part !== null).join(" vast.ai says: "),
    details: {
      actual_status: instance.actual_status ?? null,
      status_message: said,
      gpu_name: instance.gpu_name ?? null,
      gpu_count: instance.num_gpus ?? null,
      usd_per_hour: instance.dph_total ?? null,
      machine_id: instance.machine_id ?? null,
      host_id: instance.host_id ?? null,
      geolocation: instance.geolocation ?? null,
    },
  };
}

/** SSH, directly where its port is open and through vast.ai's proxy else; the URL is of the first other open port. */
function addressOf(instance: VastInstance): MachineAddress | null {
  const host = instance.public_ipaddr?.trim() || null;
  const open = Object.entries(instance.ports ?? {}).flatMap(([name, bindings]) => {
    const port = bindings?.[0]?.HostPort;
    return port === undefined ? [] : [{ name, port }];
  });
  const ssh = open.find(({ name }) => name === "22/tcp");
  const web = open.find(({ name }) => name !== "22/tcp" && name.endsWith("/tcp"));
  const url = host !== null && web ? `http://${host.includes(":") ? `[${host}]` : host}:${web.port}` : null;
  if (host !== null && ssh) return { host, port: ssh.port, url };
  if (instance.ssh_host) return { host: instance.ssh_host, port: instance.ssh_port ?? null, url };
  return host === null ? null : { host, port: null, url };
}
