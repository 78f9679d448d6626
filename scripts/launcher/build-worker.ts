import { mkdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * What starts a built worker, for Node.js. In package.json and compose.yaml too. New objects get 3 x 32 MiB instead of
 * 3 x 64; with less, more of them live on into the old heap, which costs more to collect.
 */
export const WORKER_COMMAND = ["--max-semi-space-size=32", "scripts/built-worker.mjs"];

const OUTPUT = ".next/worker";
const MAIN = "worker.mjs";

/** What scripts/built-worker.mjs loads. */
export const BUILT_WORKER = `${OUTPUT}/${MAIN}`;

/** Packages that bring machine code or load files of their own by path. */
const NOT_BUNDLED = ["@node-rs/argon2", "pg-native", "pino"];

/** Of CommonJS packages in the bundle, which is a module. */
const REQUIRE =
  'import { createRequire as dumontRequire } from "node:module"; const require = dumontRequire(import.meta.url);';

/**
 * Bundles the worker with the packages that it uses. What a process loads from source stays in its memory as text, with
 * source maps and the loader beside it: bundled, a worker is smaller by a fifth and needs less CPU.
 * @param output the folder, whose earlier content goes
 * @returns the module to run
 */
export async function buildWorker(output = OUTPUT): Promise<string> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  await build({
    entryPoints: ["scripts/worker.ts"],
    outdir: output,
    // .next is a package of CommonJS.
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is loaded only when it is needed, as tracing is, stays in files of its own.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: NOT_BUNDLED,
    banner: { js: REQUIRE },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [queryCompilerAsFile(output)],
  });
  return path.join(output, MAIN);
}

/**
 * Prisma carries its query compiler as base64 in a module, 4.5 MB that would stay in memory twice: as source and as a
 * constant. From a file of its own it is there once.
 */
function queryCompilerAsFile(output: string): Plugin {
  return {
    name: "query-compiler-as-file",
    setup({ onLoad }) {
      onLoad({ filter: /query_compiler_\w+\.postgresql\.wasm-base64\.m?js$/ }, async ({ path: module }) => {
        const [, base64] = /"([A-Za-z0-9+/=]{1000,})"/.exec(await readFile(module, "utf8")) ?? [];
        if (base64 === undefined) return null;
        await writeFile(path.join(output, "query-compiler.wasm"), Buffer.from(base64, "base64"));
        const contents = `
          import { readFileSync } from "node:fs";
          export const wasm = readFileSync(new URL("query-compiler.wasm", import.meta.url), "base64");`;
        return { contents, loader: "js" };
      });
    },
  };
}
