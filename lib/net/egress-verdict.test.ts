import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { verdictOfLine } from "@/lib/net/egress-verdict";

const options = { policy: createEgressPolicy([]), http: "everywhere" } as const;
const root = path.resolve(import.meta.dirname, "../..");

interface Case {
  id: string;
  verdict: string;
  layer: string;
  line: string;
}

const cases = readFileSync(path.join(import.meta.dirname, "fixtures/ssrf-cases.tsv"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line): Case => {
    const [id = "", verdict = "", layer = "", url = "", answers = ""] = line.split("\t");
    return { id, verdict, layer: layer.replace("-rebind", ""), line: `${url}\t${answers}` };
  });

describe("the cases of server-side request forgery", () => {
  it("are all there", () => {
    expect(cases).toHaveLength(204);
  });

  it.each(cases)("$id: $verdict $line", async ({ verdict, layer, line }) => {
    const given = await verdictOfLine(line, options);
    if (verdict === "allow") expect(given).toBe("allow");
    // What one version of the parser refuses, another hands on to the next check.
    else expect(given).toMatch(layer === "parse" ? /^block \w+: / : new RegExp(`^block ${layer}: `));
  });

  it("get the same verdicts from the command, quoted or not", async () => {
    const quoted = cases.map(({ line }) => `"${line.replace("\t", '"\t')}`);
    const input = [...cases.map(({ line }) => line), ...quoted];
    const printed = (await runCommand(`${input.join("\n")}\n`)).split("\n");
    expect(printed.pop()).toBe("");
    expect(printed.map((line) => line.split(" ")[0])).toEqual([...cases, ...cases].map(({ verdict }) => verdict));
  });
});

describe("verdictOfLine", () => {
  it.each([
    ["https://example.com/\tEMPTY", /^block dns: /],
    ["https://example.com/\tNXDOMAIN", /^block dns: /],
    ["https://example.com/\tTIMEOUT", /^block dns: /],
    ["https://example.com/\t-", /^block dns: /],
    ["https://example.com/\t", /^block dns: /],
    ["https://example.com/\t93.184.216.34|TIMEOUT", /^block dns: /],
    ["https://example.com/\t127.0.0.1|93.184.216.34", /^block dns: /],
    ["https://example.com/\t93.184.216.34|93.184.216.34", /^allow$/],
    ["https://example.com/\t93.184.216.34, 2606:2800:220:1::1", /^allow$/],
    ["https://8.8.8.8/\t-", /^allow$/],
    ["https://example.com/", /^block parse: /],
    ["https://example.com/\t93.184.216.34\tmore", /^block parse: /],
    ['https://exa"mple.com/\t93.184.216.34', /^block parse: /],
    ["https://example.com/\\q\t93.184.216.34", /^block parse: /],
    ['"https://example.com/\t93.184.216.34', /^block parse: /],
    ["", /^block parse: /],
    ["\t", /^block parse: /],
  ])("%j", async (line, expected) => {
    expect(await verdictOfLine(line, options)).toMatch(expected);
  });

  it("applies the operator's exceptions and the rule on http", async () => {
    const policy = createEgressPolicy(["127.0.0.0/8", "hooks.internal"]);
    const rules = { policy, http: "everywhere" } as const;
    expect(await verdictOfLine("http://127.0.0.1:9000/\t-", rules)).toBe("allow");
    expect(await verdictOfLine("http://hook.example.com/\t127.0.0.1", rules)).toBe("allow");
    expect(await verdictOfLine("http://hook.example.com/\t127.0.0.1,10.0.0.1", rules)).toMatch(/^block dns: /);
    expect(await verdictOfLine("http://hooks.internal/\t10.0.0.1", rules)).toBe("allow");
    expect(await verdictOfLine("http://localhost:9000/\t127.0.0.1", rules)).toBe("allow");
    expect(await verdictOfLine("http://localhost:9000/\t::1,127.0.0.1", rules)).toBe("allow");
    expect(await verdictOfLine("http://localhost:9000/\t::1", rules)).toMatch(/^block dns: /);
    expect(await verdictOfLine("http://redis:9000/\t127.0.0.1", rules)).toBe("allow");
    expect(await verdictOfLine("http://redis:9000/\t93.184.216.34", rules)).toMatch(/^block dns: /);
    expect(await verdictOfLine("http://redis:9000/\t::1,127.0.0.1", rules)).toMatch(/^block dns: /);
    expect(await verdictOfLine("http://example.com/\t93.184.216.34", { policy, http: "nowhere" })).toMatch(
      /^block scheme: /,
    );
  });

  it("answers garbage with one line", async () => {
    const garbage = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.tuple(fc.string(), fc.string()).map((parts) => parts.join("\t")),
      fc.tuple(fc.webUrl(), fc.string({ unit: "binary" })).map((parts) => parts.join("\t")),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (line) => {
        expect(await verdictOfLine(line, options)).toMatch(/^(allow|block [a-z-]+: .*)$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Runs the command as npm does, in an environment of its own, and gives its standard output. */
function runCommand(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/egress-check.ts"], {
      cwd: root,
      env: { PATH, HOME, NODE_ENV: "production" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(`the command ended with ${code}`))));
    child.stdin.end(input);
  });
}
