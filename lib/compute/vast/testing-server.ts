import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Endpoint } from "@/lib/compute/vast/pace";

/**
 * vast.ai as far as we use it, over real HTTP on loopback, with its state in memory and its habits on demand. What it
 * does wrong is scripted per endpoint: one fault for each call, in order.
 */
export type Fault =
  | { kind: "answer"; status: number; text: string; contentType?: string }
  /** The connection breaks before anything is done. */
  | { kind: "reset" }
  /** The work is done and its answer is lost. */
  | { kind: "lost_answer" }
  | { kind: "no_answer" };

export const OFFER_TAKEN: Fault = { kind: "answer", status: 410, text: '{"success":false,"error":"no_such_ask"}' };
export const TOO_FREQUENT: Fault = {
  kind: "answer",
  status: 429,
  text: "API requests too frequent: endpoint threshold=4.5",
  contentType: "text/plain",
};

export type FakeOffer = {
  id: number;
  gpu_name: string;
  num_gpus: number;
  dph_total: number;
  reliability2: number;
  duration: number;
  disk_space: number;
  geolocation: string;
};

export type FakeContract = Record<string, unknown> & {
  id: number;
  label: string;
  offerId: number;
  actual_status: string | null;
  cur_state: string;
  dph_total: number;
  /** Lists that still leave it out, and lists until it runs. */
  hiddenFor: number;
  loadsFor: number;
};

export type FakeVast = {
  url: string;
  apiKey: string;
  offers: FakeOffer[];
  contracts: Map<number, FakeContract>;
  /** Contracts ever made. */
  made: number;
  calls: { endpoint: Endpoint | "unknown"; method: string; path: string; body: Record<string, unknown> }[];
  settings: {
    offersAs: "array" | "object" | "null";
    /** Answers `instances: null` for an empty page. */
    nullForEmpty: boolean;
    pageSize: number;
    /** Lists for which a new contract is loading, and before that not to be seen at all. */
    loadsFor: number;
    hiddenFor: number;
    /** What a contract costs more than its offer said. */
    priceFactor: number;
    /** What the next contracts are from the first moment on. */
    bornAs: string[];
    /** What contracts begin at. */
    now: () => Date;
    /** Ended contracts are listed on, as if nothing had happened. */
    endedStayListed: boolean;
  };
  script(endpoint: Endpoint, ...faults: Fault[]): void;
  /** What becomes of a machine of this label, such as "offline". */
  become(label: string, status: string): void;
  ofLabel(label: string): FakeContract[];
  close(): Promise<void>;
};

export async function startFakeVast(): Promise<FakeVast> {
  const faults = new Map<Endpoint, Fault[]>();
  const ended = new Set<number>();
  let lastId = 1000;
  const fake: FakeVast = {
    url: "",
    apiKey: "vast-key-of-the-tests-0123456789",
    offers: [],
    contracts: new Map(),
    made: 0,
    calls: [],
    settings: {
      offersAs: "array",
      nullForEmpty: false,
      pageSize: 25,
      loadsFor: 1,
      hiddenFor: 0,
      priceFactor: 1,
      bornAs: [],
      now: () => new Date(),
      endedStayListed: false,
    },
    script: (endpoint, ...more) => faults.set(endpoint, [...(faults.get(endpoint) ?? []), ...more]),
    become: (label, status) => {
      for (const contract of fake.ofLabel(label)) contract.actual_status = status;
    },
    ofLabel: (label) => [...fake.contracts.values()].filter((one) => one.label === label && !ended.has(one.id)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const body = await readJson(request);
    const endpoint = endpointOf(request.method ?? "", url.pathname);
    fake.calls.push({ endpoint, method: request.method ?? "", path: request.url ?? "", body });
    if (request.headers.authorization !== `Bearer ${fake.apiKey}`)
      return json(response, 404, { error: "no_such_user" });
    const fault = endpoint === "unknown" ? undefined : faults.get(endpoint)?.shift();
    if (fault?.kind === "answer") {
      response.writeHead(fault.status, { "content-type": fault.contentType ?? "application/json" });
      return response.end(fault.text);
    }
    if (fault?.kind === "no_answer") return;
    if (fault?.kind === "reset") return request.socket.resetAndDestroy();
    const [status, answer] = work(endpoint, url, body);
    if (fault?.kind === "lost_answer") return request.socket.resetAndDestroy();
    json(response, status, answer);
  });

  function work(endpoint: Endpoint | "unknown", url: URL, body: Record<string, unknown>): [number, unknown] {
    const id = Number(/\/(\d+)\/$/.exec(url.pathname)?.[1]);
    if (endpoint === "search") return [200, { offers: shaped(matching(fake.offers, body)) }];
    if (endpoint === "list") return listing(url.searchParams);
    if (endpoint === "create") return create(id, body);
    const contract = ended.has(id) ? undefined : fake.contracts.get(id);
    if (!contract) return [404, { success: false, error: "not_found", msg: "no such instance" }];
    if (endpoint === "destroy") {
      ended.add(id);
      if (!fake.settings.endedStayListed) fake.contracts.delete(id);
    }
    if (endpoint === "change") Object.assign(contract, { intended_status: body.state, actual_status: "loading" });
    return [200, { success: true }];
  }

  function create(offerId: number, body: Record<string, unknown>): [number, unknown] {
    const offer = fake.offers.find(({ id }) => id === offerId);
    if (!offer) return [404, { success: false, error: "no_such_ask", msg: `ask ${offerId} is not available` }];
    if (typeof body.image !== "string" || !(Number(body.disk) >= 8)) {
      return [400, { success: false, error: "invalid_args", msg: "image or disk is missing", ask_id: offerId }];
    }
    fake.offers.splice(fake.offers.indexOf(offer), 1);
    lastId += 1;
    fake.made += 1;
    fake.contracts.set(lastId, {
      id: lastId,
      offerId,
      label: String(body.label),
      actual_status: fake.settings.bornAs.shift() ?? null,
      intended_status: "running",
      cur_state: "running",
      status_msg: "pulling image",
      gpu_name: offer.gpu_name,
      num_gpus: offer.num_gpus,
      dph_total: offer.dph_total * fake.settings.priceFactor,
      machine_id: offerId * 10,
      geolocation: offer.geolocation,
      public_ipaddr: "192.0.2.45",
      ssh_host: "ssh5.vast.ai",
      ssh_port: 10_600,
      start_date: fake.settings.now().getTime() / 1000,
      ports: { "22/tcp": [{ HostIp: "0.0.0.0", HostPort: "41022" }] },
      extra_env: Object.entries(body.env ?? {}),
      hiddenFor: fake.settings.hiddenFor,
      loadsFor: fake.settings.loadsFor,
    });
    return [200, { success: true, new_contract: lastId }];
  }

  function listing(query: URLSearchParams): [number, unknown] {
    const filter: { label?: { eq: string } } = JSON.parse(query.get("select_filters") ?? "{}");
    const after = Number(query.get("after_token") ?? 0);
    const limit = Math.min(Number(query.get("limit") ?? 25), fake.settings.pageSize);
    const all = [...fake.contracts.values()].filter(
      ({ id, label }) => id > after && (filter.label === undefined || label === filter.label.eq),
    );
    const seen = all.filter((contract) => contract.hiddenFor === 0);
    for (const contract of all) age(contract);
    const page = seen.slice(0, limit);
    return [
      200,
      {
        success: true,
        instances_found: page.length,
        instances: page.length === 0 && fake.settings.nullForEmpty ? null : page.map((contract) => ({ ...contract })),
        next_token: seen.length > limit ? String(page.at(-1)?.id) : null,
      },
    ];
  }

  function shaped(offers: FakeOffer[]): unknown {
    if (fake.settings.offersAs === "null") return null;
    return fake.settings.offersAs === "object" ? (offers[0] ?? null) : offers;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

/** One offer that fits a request for `gpuCount` H100 SXM. */
export function offer(id: number, change: Partial<FakeOffer> = {}): FakeOffer {
  return {
    id,
    gpu_name: "H100 SXM",
    num_gpus: 2,
    dph_total: 4 + id / 100,
    reliability2: 0.995,
    duration: 30 * 86_400,
    disk_space: 500,
    geolocation: "SE",
    ...change,
  };
}

/** A step in the life of a contract: each list is one. */
function age(contract: FakeContract): void {
  if (contract.hiddenFor > 0) contract.hiddenFor -= 1;
  else if (contract.actual_status === null || contract.actual_status === "loading") {
    contract.actual_status = contract.loadsFor > 0 ? "loading" : "running";
    contract.loadsFor -= 1;
  }
}

function endpointOf(method: string, path: string): Endpoint | "unknown" {
  if (method === "POST" && path === "/api/v0/bundles/") return "search";
  if (method === "PUT" && /^\/api\/v0\/asks\/\d+\/$/.test(path)) return "create";
  if (method === "GET" && path === "/api/v1/instances/") return "list";
  if (method === "POST" && /^\/api\/v0\/instances\/take_snapshot\/\d+\/$/.test(path)) return "snapshot";
  if (/^\/api\/v0\/instances\/\d+\/$/.test(path)) {
    if (method === "PUT") return "change";
    if (method === "DELETE") return "destroy";
  }
  return "unknown";
}

/** The operators of the real search that we use, on the fields that an offer has. */
function matching(offers: readonly FakeOffer[], body: Record<string, unknown>): FakeOffer[] {
  const names: Record<string, keyof FakeOffer> = { reliability: "reliability2" };
  return offers
    .filter((one) =>
      Object.entries(body).every(([name, condition]) => {
        const value = one[names[name] ?? (name as keyof FakeOffer)];
        if (value === undefined || typeof condition !== "object" || condition === null) return true;
        return Object.entries(condition).every(([operator, wanted]) => {
          if (operator === "eq") return value === wanted;
          if (operator === "gte") return value >= wanted;
          if (operator === "lte") return value <= wanted;
          return operator !== "in" || (wanted as unknown[]).includes(value);
        });
      }),
    )
    .toSorted((a, b) => a.dph_total - b.dph_total);
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
