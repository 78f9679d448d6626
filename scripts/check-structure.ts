/**
 * Checks what the linter cannot: who may import whom inside the repository, and how long a file may grow.
 * The rest of the import rules (screens and store see only the contracts) is in biome.json.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const LONGEST_FILE = 400;

/** Files whose path begins with `in` may import nothing that begins with one of `not`, except `but`. */
const RULES: { in: string; not: string[]; but?: string[]; why: string }[] = [
  { in: "lib/contracts/", not: ["@/lib/"], but: ["@/lib/contracts/"], why: "contracts are shared with the browser" },
  { in: "lib/time/", not: ["@/lib/"], but: ["@/lib/time/"], why: "time is shared with the browser" },
  ...["lib/db/", "lib/net/", "lib/crypto/"].map((folder) => ({
    in: folder,
    not: ["@/lib/accounts/", "@/lib/webhooks/", "@/lib/receiver/", "@/lib/queue/", "@/lib/http/", "@/lib/live/"],
    why: "the base knows no domain",
  })),
  { in: "components/ui/", not: ["@/store/", "@/lib/"], why: "primitives know no domain" },
  { in: "store/", not: ["@/components/", "@/app/"], why: "screens import the store, not the other way round" },
  { in: "app/api/", not: ["@/lib/db/", "@/lib/generated/"], why: "routes call services" },
];

const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx", "*.mjs"],
  {
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((file) => file !== "");

const problems = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").length - 1;
  const imported = [...text.matchAll(/(?:from|import\()\s*"(@\/[^"]+)"/g)].map((match) => match[1] ?? "");
  return [
    ...(lines > LONGEST_FILE ? [`${file}: ${lines} lines; look for the second subject (at most ${LONGEST_FILE})`] : []),
    ...RULES.filter((rule) => file.startsWith(rule.in) && !isTest(file)).flatMap((rule) =>
      imported
        .filter((path) => startsWithAny(path, rule.not) && !startsWithAny(path, rule.but ?? []))
        .map((path) => `${file}: must not import ${path} (${rule.why})`),
    ),
  ];
});

for (const problem of problems) console.error(problem);
console.log(`structure: ${files.length} files, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}
