import type pg from "pg";

/**
 * Shows every result of `query` calls that return a promise to `inspect`, which may change it or throw. pg has no hook
 * for this, and Prisma's adapter leaves no other place to look at what the server answered.
 */
export function inspectResults(
  target: pg.Pool | pg.ClientBase,
  inspect: (query: unknown, result: pg.QueryResult) => void,
): void {
  const send: (...args: unknown[]) => unknown = target.query.bind(target);
  const query = (...args: unknown[]): unknown => {
    const sent = send(...args);
    if (!(sent instanceof Promise)) return sent;
    return sent.then((result: pg.QueryResult | pg.QueryResult[]) => {
      // A script of several statements has as many results.
      for (const one of Array.isArray(result) ? result : [result]) inspect(args[0], one);
      return result;
    });
  };
  Object.defineProperty(target, "query", { value: query, configurable: true, writable: true });
}

/**
 * Makes COMMIT fail where PostgreSQL answers it with ROLLBACK. It does so without an error when a statement of the
 * transaction has failed and the caller went on regardless. Neither pg nor Prisma looks at the answer, so the caller
 * would be told that its change is stored.
 */
export function refuseSilentRollbacks(pool: pg.Pool): void {
  pool.on("connect", (client) => {
    inspectResults(client, (query, result) => {
      if (result.command === "ROLLBACK" && textOf(query) === "COMMIT") throw new SilentRollbackError();
    });
  });
}

export class SilentRollbackError extends Error {
  override name = "SilentRollbackError";
  constructor() {
    super("The transaction was rolled back: one of its statements had failed and the error was not passed on.");
  }
}

function textOf(query: unknown): unknown {
  return typeof query === "object" && query !== null && "text" in query ? query.text : query;
}
