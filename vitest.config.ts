import { defineConfig } from "vitest/config";

const IGNORED = ["**/node_modules/**", ".next/**", ".data/**", "e2e/**"];
const DATABASE_TESTS = "**/*.db.test.ts";
const FAULT_TESTS = "**/*.faults.test.ts";
/** Fault tests that look at how long something takes, or that must come in time for something: each has the machine. */
const TIMED_FAULT_TESTS = [
  "lib/db/listen.faults.test.ts",
  "lib/queue/faults/hostile.faults.test.ts",
  "scripts/rotate-key.faults.test.ts",
];

const withDatabase = {
  globalSetup: ["lib/db/vitest/global-setup.ts"],
  setupFiles: ["lib/db/vitest/file-setup.ts"],
};

const withWorkers = {
  ...withDatabase,
  globalSetup: [...withDatabase.globalSetup, "scripts/launcher/vitest-worker.ts"],
};

export default defineConfig({
  resolve: { alias: { "@/": `${import.meta.dirname}/` } },
  test: {
    pool: "forks",
    // Every worker has a PostgreSQL and often child processes beside it.
    maxWorkers: 2,
    env: {
      DUMONT_SECRET_KEY: "test-secret-key-that-is-long-enough-0123456789",
      NEXTAUTH_SECRET: "test-nextauth-secret-0123456789",
      NEXTAUTH_URL: "http://localhost:3000",
      // No test may find the database that somebody runs in this checkout.
      DATA_DIR: ".data/test",
      LOG_LEVEL: "silent",
      // Receivers of tests listen on loopback.
      EGRESS_ALLOW: "127.0.0.0/8",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...IGNORED, DATABASE_TESTS, FAULT_TESTS],
          // They keep nothing between files; loading everything anew for each takes twice the time of the tests.
          isolate: false,
          // Room for a slow machine: a property of a thousand cases that takes a second here may take ten there.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: [DATABASE_TESTS],
          exclude: IGNORED,
          ...withDatabase,
          // A fifth of their time they wait: for a disk, a clock, a deadline.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: [FAULT_TESTS],
          exclude: [...IGNORED, ...TIMED_FAULT_TESTS],
          ...withWorkers,
          // They start and kill whole processes of their own, and mostly wait for what those leave behind to be noticed.
          maxWorkers: 5,
          testTimeout: 600_000 * Number(process.env.FAULTS_SCALE ?? 1),
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults-timed",
          include: TIMED_FAULT_TESTS,
          exclude: IGNORED,
          ...withWorkers,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
