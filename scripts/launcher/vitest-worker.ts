import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { buildWorker } from "./build-worker";

declare module "vitest" {
  interface ProvidedContext {
    /** What to give to Node.js to run a worker. */
    builtWorker: string;
  }
}

/**
 * Once per project and run: the worker as "npm run build" bundles it. Fault tests start it a hundred times and more; from
 * source each start takes more than twice the CPU. In this checkout, where it finds the packages that stay outside.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  mkdirSync(".cache", { recursive: true });
  const folder = mkdtempSync(path.resolve(".cache", "worker-"));
  project.provide("builtWorker", await buildWorker(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
