import { Agent, type Dispatcher, errors, request } from "undici";
import { ProviderError } from "@/lib/compute/provider";
import { type Endpoint, Pace, type PaceOptions } from "@/lib/compute/vast/pace";

export type VastClientOptions = {
  /** Without a path, such as https://console.vast.ai. */
  apiUrl: string;
  apiKey: string;
  /** For one call and its whole answer. */
  timeoutMs?: number;
  pace?: PaceOptions;
};

export type VastCall = {
  endpoint: Endpoint;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base URL, with its query. */
  path: string;
  body?: unknown;
};

/** An answer that says something about the request. `json` is undefined where the body is none. */
export type VastAnswer = { status: number; json: unknown };

/** A page of 25 instances takes some 100 kB. */
const MOST_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Calls of vast.ai's REST API. The address is the operator's own setting, so the guard for addresses of tenants does not
 * apply; redirects are not followed, and the key goes nowhere but into the header.
 */
export class VastClient {
  readonly #options: VastClientOptions;
  readonly #pace: Pace;
  readonly #agent: Agent;

  constructor(options: VastClientOptions) {
    this.#options = options;
    this.#pace = new Pace(options.pace);
    this.#agent = new Agent({ connections: 8, connect: { timeout: 10_000 } });
  }

  /**
   * @returns the answer when its status is below 500 and says something about the request itself
   * @throws ProviderError "rate_limited"; "refused" when the key is not accepted; "unreachable" when it is not known
   * whether anything was done
   */
  async call({ endpoint, method, path, body }: VastCall): Promise<VastAnswer> {
    await this.#pace.turn(endpoint);
    const { status, text } = await this.#exchange(method, path, body);
    // vast.ai answers 429 in plain text and does not say when to come back.
    if (status === 429) throw this.#pace.refused(endpoint);
    this.#pace.accepted(endpoint);
    if (status >= 500) throw new ProviderError("unreachable", `vast.ai answered ${status}.`);
    if (status === 401 || status === 403) throw keyRefused();
    return { status, json: parse(text) };
  }

  async #exchange(method: VastCall["method"], path: string, body: unknown): Promise<{ status: number; text: string }> {
    try {
      const answer = await request(this.#options.apiUrl.replace(/\/+$/, "") + path, {
        dispatcher: this.#agent,
        method,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${this.#options.apiKey}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS),
      });
      return { status: answer.statusCode, text: await readText(answer.body) };
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      throw new ProviderError("unreachable", `vast.ai could not be reached: ${inWords(error)}.`);
    }
  }
}

export function keyRefused(): ProviderError {
  return new ProviderError("refused", "vast.ai does not accept the API key; check VAST_API_KEY.");
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new ProviderError("unreachable", "vast.ai's answer is larger than 8 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By code, so that nothing of the request (its header has the key) can get into a message. */
function inWords(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "no answer in time";
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return "the connection failed";
}
