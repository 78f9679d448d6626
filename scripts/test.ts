/**
 * npm test: everything that can be checked, one tier after the other, each to its end. Then what failed is named again,
 * since its output is far above by then, and the last line sums up: "<n> passed, <n> failed". Lint and type check count as
 * one check each; a tier that breaks down, or in which no test ran, counts as at least one failure.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

type Count = {
  passed: number;
  failed: number;
  /** The tests that failed, with why; and those of the browser that only passed when they were tried again. */
  remarks: string[];
};

type Tier = {
  title: string;
  command: string[];
  env?: Record<string, string>;
  /** Reads what the tier has counted; absent for a single check. */
  count?: () => Count;
};

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

const playwrightSuite = z.object({
  get suites() {
    return z.array(playwrightSuite).optional();
  },
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(z.object({ error: z.object({ message: z.string() }).optional() })),
        }),
      ),
    }),
  ),
});

const playwrightReport = z.object({
  errors: z.array(z.object({ message: z.string().optional() })),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(playwrightSuite),
});

const REMARK_LINES = 12;

const reports = mkdtempSync(path.join(tmpdir(), "dumont-test-"));
const total: Count = { passed: 0, failed: 0, remarks: [] };

try {
  for (const tier of tiers()) {
    console.log(`\n=== ${tier.title} ===\n`);
    const { passed, failed, remarks } = await runTier(tier);
    console.log(`\n--- ${tier.title}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
    total.remarks.push(...remarks.map((remark) => `${tier.title}: ${remark}`));
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.exitCode = total.failed === 0 ? 0 : 1;
for (const remark of total.remarks) console.log(`\n${remark}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);

function tiers(): Tier[] {
  return [
    { title: "Lint", command: ["npm", "run", "--silent", "lint"] },
    { title: "Types", command: ["npm", "run", "--silent", "typecheck"] },
    vitestTier("Unit tests", "unit"),
    vitestTier("Database tests", "db"),
    vitestTier("Fault tests", "faults", "faults-timed"),
    browserTier(),
  ];
}

function vitestTier(title: string, ...projects: [string, ...string[]]): Tier {
  const file = path.join(reports, `${projects[0]}.json`);
  return {
    title,
    command: [
      "vitest",
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    count: () => {
      const report = vitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
      const broken = report.testResults.filter(
        (result) => result.status === "failed" && result.assertionResults.length === 0,
      );
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + broken.length,
        remarks: [
          ...broken.map(({ name, message }) => remarkOn(fileOf(name), "could not be run", message)),
          ...report.testResults.flatMap(({ name, assertionResults }) =>
            assertionResults
              .filter(({ status }) => status === "failed")
              .map((test) => remarkOn(fileOf(name), test.fullName, test.failureMessages[0])),
          ),
        ],
      };
    },
  };
}

function browserTier(): Tier {
  const file = path.join(reports, "e2e.json");
  return {
    title: "Browser tests",
    command: [process.execPath, "--import", "tsx", "scripts/e2e.ts"],
    env: { E2E_REPORT: file },
    count: () => {
      const { stats, errors, suites } = playwrightReport.parse(JSON.parse(readFileSync(file, "utf8")));
      return {
        passed: stats.expected + stats.flaky,
        failed: stats.unexpected + errors.length,
        remarks: [
          ...errors.map(({ message }) => remarkOn("e2e", "outside any test", message)),
          ...suites.flatMap(remarksOnSuite),
        ],
      };
    },
  };
}

function remarksOnSuite({ specs, suites = [] }: z.infer<typeof playwrightSuite>): string[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ status, results }) =>
        remarkOn(file, status === "flaky" ? `${title} (passed when tried again)` : title, results[0]?.error?.message),
      ),
  );
  return [...own, ...suites.flatMap(remarksOnSuite)];
}

/** The first lines of the message: they name the assertion, or the counterexample of a property. */
function remarkOn(file: string, title: string, message = ""): string {
  const lines = stripVTControlCharacters(message).split("\n").slice(0, REMARK_LINES);
  return [`${file} > ${title}`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function fileOf(name: string): string {
  return path.relative(process.cwd(), name);
}

async function runTier({ command: [file = "", ...args], env = {}, count }: Tier): Promise<Count> {
  const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const code = await once(child, "exit").then(
    ([exitCode]: unknown[]) => exitCode,
    (error: unknown) => {
      console.error(error);
      return 1;
    },
  );
  const ok = code === 0;
  if (!count) return ok ? { passed: 1, failed: 0, remarks: [] } : { passed: 0, failed: 1, remarks: ["failed"] };
  const counted = readCount(count);
  const complete = ok && counted.passed > 0;
  if (complete || counted.failed > 0) return counted;
  return { ...counted, failed: 1, remarks: ["broke down, or no test ran"] };
}

/** Without a report nothing is known to have passed. */
function readCount(count: () => Count): Count {
  try {
    return count();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, remarks: ["broke down"] };
  }
}
