import { execFileSync } from "node:child_process";

export type CurlRequest = { method: string; url: string; headers: Record<string, string>; body: string };

/**
 * What a curl command of the console would send. A real shell takes the command apart, so that its quoting is judged by
 * what people paste it into; curl itself is replaced by a function that tells its arguments.
 */
export function readCurl(command: string, variables: { DUMONT_API_KEY?: string } = {}): CurlRequest {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}\n`;
  const output = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: { ...process.env, ...variables } });
  const words = output.split("\0").slice(0, -1);
  const request: CurlRequest = { method: "GET", url: "", headers: {}, body: "" };
  while (words.length > 0) {
    const word = words.shift() ?? "";
    if (word === "-X") request.method = words.shift() ?? "";
    else if (word === "--data-raw") request.body = words.shift() ?? "";
    else if (word === "-H") {
      const [name = "", ...value] = (words.shift() ?? "").split(": ");
      request.headers[name.toLowerCase()] = value.join(": ");
    } else if (word.startsWith("-")) throw new Error(`An option that this reader does not know: ${word}`);
    else request.url = word;
  }
  return request;
}
