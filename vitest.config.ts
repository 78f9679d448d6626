import { defineConfig } from "vitest/config";

const IGNORED = ["**/node_modules/**", ".next/**", ".data/**", "e2e/**"];
const DATABASE_TESTS = "**/*.db.test.ts";
const FAULT_TESTS = "**/*.faults.test.ts";

const withDatabase = {
  globalSetup: ["lib/db/vitest/global-setup.ts"],
  setupFiles: ["lib/db/vitest/file-setup.ts"],
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: [FAULT_TESTS],
          exclude: IGNORED,
          ...withDatabase,
          // They start, kill and wait for whole processes, and disturb each other's timing.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
