import type { TestProject } from "vitest/node";
import { startSharedTestServer } from "@/lib/db/testing";

declare module "vitest" {
  interface ProvidedContext {
    testServerUrl: string;
  }
}

/** Once per project and run: a real PostgreSQL and the migrated template of all test databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startSharedTestServer();
  project.provide("testServerUrl", server.url);
  return server.stop;
}
