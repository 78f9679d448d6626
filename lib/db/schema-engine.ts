import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { inspectResults } from "@/lib/db/inspect-results";

declare global {
  var dumontSchemaEngineLoaded: boolean | undefined;
}

/** PostgreSQL's type "char", one byte, which its catalogue uses; not character(n). */
const CHAR_OID = 18;

export type SchemaEngineOptions = {
  url: string;
  /** Last change to a script before it is sent as a whole. */
  rewriteScript?: (script: string) => string;
};

/**
 * Prisma's own migration engine, which Prisma also publishes as WebAssembly. Prisma's command line would download it
 * as a native program instead, which takes a network that a server may not have.
 *
 * The engine gets one connection only: it takes an advisory lock for its session and expects that what follows happens
 * in the same session. The connection is closed before this returns, so the process can end.
 */
export async function withSchemaEngine<T>(
  { url, rewriteScript = (script) => script }: SchemaEngineOptions,
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  loadEngine();
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: "dumont-migrate" });
  pool.on("error", () => {}); // A broken connection also fails the statement that needs it next, and says so there.
  const prisma = new PrismaPg(pool);
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: prisma.provider,
    adapterName: prisma.adapterName,
    connect: async () => sendWholeScripts(understandChar(await prisma.connect(), pool), rewriteScript),
    connectToShadowDb: () => Promise.reject(new Error("Nothing here needs a shadow database.")),
  };
  try {
    const engine = await bindings.SchemaEngine.new(
      { datamodels: undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(factory),
    );
    return await work(engine);
  } finally {
    await pool.end();
  }
}

/**
 * The adapter would cut a script at every semicolon, even within a string or a function, and send the pieces one by
 * one. Sent as a whole, the script is also one transaction: it is applied completely or not at all.
 */
function sendWholeScripts<A extends SqlDriverAdapter>(adapter: A, rewrite: (script: string) => string): A {
  return Object.assign(adapter, {
    executeScript: async (script: string) => {
      await adapter.executeRaw({ sql: rewrite(script), args: [], argTypes: [] });
    },
  });
}

/** The engine reads "char" columns of the catalogue, whose type the adapter does not know. */
function understandChar<A extends SqlDriverAdapter>(adapter: A, pool: pg.Pool): A {
  let charColumns = new Set<number>();
  inspectResults(pool, (_query, result) => {
    charColumns = new Set();
    for (const [index, field] of result.fields.entries()) {
      if (field.dataTypeID !== CHAR_OID) continue;
      charColumns.add(index);
      field.dataTypeID = pg.types.builtins.TEXT;
    }
  });
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      const answer = await queryRaw(query);
      const columnTypes = answer.columnTypes.map((type, index) =>
        charColumns.has(index) ? ColumnTypeEnum.Character : type,
      );
      return { ...answer, columnTypes };
    },
  });
}

function loadEngine(): void {
  // The bindings lead to one instance per process, so this holds however often this module itself is loaded.
  if (globalThis.dumontSchemaEngineLoaded) return;
  const folder = path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const module = new WebAssembly.Module(readFileSync(path.join(folder, "schema_engine_bg.wasm")));
  const imports = { ...bindings, ...WebAssembly.Module.imports(module).reduce(unreferenceTimers, {}) };
  const { exports } = new WebAssembly.Instance(module, { "./schema_engine_bg.js": imports });
  // Called by the engine when it has to give up; by its own account the reason would be "unreachable".
  Object.defineProperty(globalThis, "PRISMA_WASM_PANIC_REGISTRY", {
    value: {
      set_message: (message: string) => {
        throw new Error(`Prisma's schema engine failed: ${message}`);
      },
    },
    // The Prisma client, which may be loaded later, sets its own.
    configurable: true,
    writable: true,
  });
  bindings.__wbg_set_wasm(exports);
  if (typeof exports.__wbindgen_start === "function") exports.__wbindgen_start();
  globalThis.dumontSchemaEngineLoaded = true;
}

/** The engine never clears the timer of ten seconds with which it guards its lock, and would keep the process waiting. */
function unreferenceTimers(
  replaced: WebAssembly.ModuleImports,
  { name }: WebAssembly.ModuleImportDescriptor,
): WebAssembly.ModuleImports {
  if (!name.startsWith("__wbg_setTimeout_")) return replaced;
  return { ...replaced, [name]: (callback: () => void, ms: number) => setTimeout(callback, ms).unref() };
}
