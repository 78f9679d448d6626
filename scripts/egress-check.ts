import { env } from "@/lib/env";
import { egressPolicy } from "@/lib/net/address";
import { verdictOfLine } from "@/lib/net/egress-verdict";

/**
 * Reads lines `<url as JSON string><TAB><answers>` from standard input and prints for each, in order, what the guard of
 * deliveries says: `allow` or `block <reason>`. See verdictOfLine. Obeys EGRESS_ALLOW; http:// is allowed unless
 * WEBHOOK_REQUIRE_HTTPS is set. The console's own test receiver has no part in it.
 */
async function main(): Promise<void> {
  const options = {
    policy: egressPolicy(),
    http: env.WEBHOOK_REQUIRE_HTTPS === true ? ("nowhere" as const) : ("everywhere" as const),
  };
  let partial = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    const lines = `${partial}${chunk}`.split("\n");
    partial = lines.pop() ?? "";
    await print(lines, options);
  }
  if (partial !== "") await print([partial], options);
}

async function print(lines: string[], options: Parameters<typeof verdictOfLine>[1]): Promise<void> {
  const verdicts: string[] = [];
  for (const line of lines) verdicts.push(`${await verdictOfLine(line.replace(/\r$/, ""), options)}\n`);
  process.stdout.write(verdicts.join(""));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
