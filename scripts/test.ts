/**
 * npm test: everything that can be checked, one tier after the other, each to its end. The last line sums them up:
 * "<n> passed, <n> failed". Lint and type check count as one check each; a tier that breaks down, or in which no test
 * ran, counts as at least one failure.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

type Count = { passed: number; failed: number };

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
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const playwrightReport = z.object({
  errors: z.array(z.unknown()),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

const reports = mkdtempSync(path.join(tmpdir(), "dumont-test-"));
const total: Count = { passed: 0, failed: 0 };

try {
  for (const tier of tiers()) {
    console.log(`\n=== ${tier.title} ===\n`);
    const { passed, failed } = await runTier(tier);
    console.log(`\n--- ${tier.title}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.exitCode = total.failed === 0 ? 0 : 1;
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
      return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
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
      const { stats, errors } = playwrightReport.parse(JSON.parse(readFileSync(file, "utf8")));
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length };
    },
  };
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
  if (!count) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  const counted = readCount(count);
  const complete = ok && counted.passed > 0;
  return complete ? counted : { ...counted, failed: Math.max(1, counted.failed) };
}

/** Without a report nothing is known to have passed. */
function readCount(count: () => Count): Count {
  try {
    return count();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}
