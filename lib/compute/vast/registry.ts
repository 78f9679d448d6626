import { Agent, request } from "undici";
import { z } from "zod";
import { ProviderError } from "@/lib/compute/provider";

export type RegistryOptions = {
  /** As in an image's name, such as docker.io or ghcr.io. */
  host: string;
  /** Without the host, such as acme/snapshots. */
  repository: string;
  user: string;
  password: string;
  /** Where its API is; by default https below the host. */
  apiUrl?: string;
};

export type StoredImage = {
  digest: string;
  sizeBytes: number;
  /** Digest of each layer by its number, and of the configuration. */
  checksums: Record<string, string>;
};

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;

const MANIFESTS = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

const blob = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: z.int().min(0) });
const manifestSchema = z.object({ config: blob, layers: z.array(blob) });
const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * Looks an image up by the distribution API (github.com/opencontainers/distribution-spec), which every registry has.
 * @returns null when there is no such tag (yet)
 * @throws ProviderError
 */
export async function findImage(options: RegistryOptions, tag: string): Promise<StoredImage | null> {
  const agent = new Agent({ connect: { timeout: 10_000 } });
  try {
    const url = `${apiOf(options)}/v2/${options.repository}/manifests/${encodeURIComponent(tag)}`;
    const first = await get(agent, url, { accept: MANIFESTS, authorization: basic(options) });
    const answer =
      first.status === 401
        ? await get(agent, url, { accept: MANIFESTS, authorization: await bearer(agent, options, first.challenge) })
        : first;
    if (answer.status === 404) return null;
    if (answer.status === 401 || answer.status === 403) throw refused(options);
    if (answer.status !== 200) {
      throw new ProviderError("unreachable", `The registry ${options.host} answered ${answer.status}.`);
    }
    const manifest = manifestSchema.safeParse(toJson(answer.body)).data;
    if (!manifest || !answer.digest) {
      throw new ProviderError("refused", `What ${options.host} holds under the tag ${tag} is no image.`);
    }
    const { config, layers } = manifest;
    return {
      digest: answer.digest,
      sizeBytes: layers.reduce((sum, { size }) => sum + size, config.size),
      checksums: Object.fromEntries([
        ["config", config.digest],
        ...layers.map(({ digest }, index) => [`layer ${index + 1}`, digest] as const),
      ]),
    };
  } finally {
    await agent.destroy();
  }
}

/** Docker Hub's registry is not where its name says. */
function apiOf({ host, apiUrl }: RegistryOptions): string {
  if (apiUrl !== undefined) return apiUrl.replace(/\/+$/, "");
  return host === "docker.io" ? "https://registry-1.docker.io" : `https://${host}`;
}

/** Trades the password for a token, as the challenge says (RFC 6750, with Docker's parameters). */
async function bearer(agent: Agent, options: RegistryOptions, challenge: string): Promise<string> {
  const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = parameters.get("realm");
  if (!/^bearer\b/i.test(challenge) || !realm || !URL.canParse(realm)) throw refused(options);
  const url = new URL(realm);
  // The password goes where the registry says, but never in the clear unless the registry itself is.
  if (url.protocol !== "https:" && url.protocol !== new URL(apiOf(options)).protocol) throw refused(options);
  const service = parameters.get("service");
  if (service) url.searchParams.set("service", service);
  url.searchParams.set("scope", parameters.get("scope") ?? `repository:${options.repository}:pull`);
  const { status, body } = await get(agent, url.href, { authorization: basic(options) });
  const { token, access_token } = tokenSchema.safeParse(toJson(body)).data ?? {};
  if (status !== 200 || !(token ?? access_token)) throw refused(options);
  return `Bearer ${token ?? access_token}`;
}

async function get(agent: Agent, url: string, headers: Record<string, string>) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await request(url, { dispatcher: agent, headers, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > MOST_BYTES) throw new Error("too large");
      chunks.push(chunk);
    }
    return {
      status: answer.statusCode,
      challenge: String(answer.headers["www-authenticate"] ?? ""),
      digest: String(answer.headers["docker-content-digest"] ?? ""),
      body: Buffer.concat(chunks).toString("utf8"),
    };
  } catch {
    throw new ProviderError("unreachable", "The registry of the snapshots could not be reached.");
  }
}

function basic({ user, password }: RegistryOptions): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused({ host }: RegistryOptions): ProviderError {
  return new ProviderError("refused", `The registry ${host} does not accept VAST_REGISTRY_USER and its password.`);
}
