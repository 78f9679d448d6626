import { processorSecretContext } from "@/lib/artifacts/secrets";
import { provisionerSecretContext } from "@/lib/compute/http/secret";
import type { SecretBox } from "@/lib/crypto/secret-box";
import { type Tx, transaction } from "@/lib/db/transaction";
import { idempotencyContext } from "@/lib/http/idempotency";
import { previousSecretSchema } from "@/lib/webhooks/key-ring";
import { headersContext, secretContext } from "@/lib/webhooks/secrets";

/** Rows that are locked at a time: short enough that nobody who wants one of them waits noticeably. */
const BATCH = 50;

export type Reencrypted = {
  /** Rows in which something was encrypted anew. */
  changed: number;
  /** What opens with neither key, by name; left as it is. */
  unreadable: string[];
};

type Batch = Reencrypted & { rows: number; last: readonly string[] };
type Table = {
  start: readonly string[];
  reencryptBatch: (tx: Tx, box: SecretBox, after: readonly string[]) => Promise<Batch>;
};

/** Every table that holds sealed text. A test compares it with the callers of `seal`. */
const TABLES: readonly Table[] = [
  { start: [""], reencryptBatch: webhooks },
  { start: [""], reencryptBatch: provisioners },
  { start: ["", ""], reencryptBatch: idempotentAnswers },
  { start: [""], reencryptBatch: processors },
];

/**
 * Encrypts everything anew that is not sealed with the current key. Works beside the running product, a few locked rows
 * at a time, each batch as a transaction of its own: stopped half way, it goes on where it was when it is run again.
 * @param onProgress told the number of rows changed so far
 */
export async function reencryptAll(box: SecretBox, onProgress: (changed: number) => void): Promise<Reencrypted> {
  const total: Reencrypted = { changed: 0, unreadable: [] };
  for (const { start, reencryptBatch } of TABLES) {
    let after = start;
    let batch: Batch;
    do {
      const from = after;
      batch = await transaction((tx) => reencryptBatch(tx, box, from));
      after = batch.last;
      total.changed += batch.changed;
      total.unreadable.push(...batch.unreadable);
      onProgress(total.changed);
    } while (batch.rows === BATCH);
  }
  return total;
}

type WebhookRow = { id: string; secret: string | null; headers: string | null; previous_secrets: unknown };

async function webhooks(tx: Tx, box: SecretBox, [after = ""]: readonly string[]): Promise<Batch> {
  const old = `${box.currentPrefix}%`;
  const rows = await tx.$queryRaw<WebhookRow[]>`
    SELECT id, secret, headers, previous_secrets FROM webhook
     WHERE id > ${after}
       AND (secret NOT LIKE ${old} OR headers NOT LIKE ${old} OR EXISTS (
              SELECT FROM jsonb_array_elements(previous_secrets) AS previous WHERE previous ->> 'secret' NOT LIKE ${old}))
     ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`;
  const result = { changed: 0, unreadable: [] as string[] };
  for (const row of rows) {
    const unreadable: string[] = [];
    const again = (sealed: string, context: string, name: string) => {
      const fresh = sealAgain(box, sealed, context);
      if (fresh === null) unreadable.push(`${name} of webhook ${row.id}`);
      return fresh ?? sealed;
    };
    const secret = row.secret && again(row.secret, secretContext(row.id), "secret");
    const headers = row.headers && again(row.headers, headersContext(row.id), "headers");
    const previous = previousSecretSchema
      .array()
      .parse(row.previous_secrets)
      .map((entry) => ({
        ...entry,
        secret: again(entry.secret, secretContext(row.id), `previous secret ${entry.id}`),
      }));
    await tx.$executeRaw`
      UPDATE webhook SET secret = ${secret}, headers = ${headers}, previous_secrets = ${JSON.stringify(previous)}::jsonb
       WHERE id = ${row.id}`;
    result.unreadable.push(...unreadable);
    if (unreadable.length === 0) result.changed += 1;
  }
  return { ...result, rows: rows.length, last: [rows.at(-1)?.id ?? after] };
}

async function provisioners(tx: Tx, box: SecretBox, [after = ""]: readonly string[]): Promise<Batch> {
  const rows = await tx.$queryRaw<{ id: string; secret: string }[]>`
    SELECT id, secret FROM provisioner
     WHERE id > ${after} AND secret NOT LIKE ${`${box.currentPrefix}%`}
     ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`;
  const result = { changed: 0, unreadable: [] as string[] };
  for (const { id, secret } of rows) {
    const fresh = sealAgain(box, secret, provisionerSecretContext(id));
    if (fresh === null) {
      result.unreadable.push(`secret of provisioner ${id}`);
      continue;
    }
    await tx.$executeRaw`UPDATE provisioner SET secret = ${fresh} WHERE id = ${id}`;
    result.changed += 1;
  }
  return { ...result, rows: rows.length, last: [rows.at(-1)?.id ?? after] };
}

async function idempotentAnswers(tx: Tx, box: SecretBox, after: readonly string[]): Promise<Batch> {
  const [afterScope = "", afterKey = ""] = after;
  const rows = await tx.$queryRaw<{ scope: string; key: string; response: string }[]>`
    SELECT scope, key, response FROM idempotency_key
     WHERE (scope, key) > (${afterScope}, ${afterKey}) AND response NOT LIKE ${`${box.currentPrefix}%`}
     ORDER BY scope, key LIMIT ${BATCH} FOR NO KEY UPDATE`;
  const result = { changed: 0, unreadable: [] as string[] };
  for (const { scope, key, response } of rows) {
    const fresh = sealAgain(box, response, idempotencyContext(scope, key));
    if (fresh === null) {
      result.unreadable.push(`the answer kept for an Idempotency-Key of ${scope}`);
      continue;
    }
    await tx.$executeRaw`UPDATE idempotency_key SET response = ${fresh} WHERE scope = ${scope} AND key = ${key}`;
    result.changed += 1;
  }
  const last = rows.at(-1);
  return { ...result, rows: rows.length, last: last ? [last.scope, last.key] : after };
}

async function processors(tx: Tx, box: SecretBox, [after = ""]: readonly string[]): Promise<Batch> {
  const rows = await tx.$queryRaw<{ id: string; secret: string }[]>`
    SELECT id, secret FROM processor WHERE id > ${after} AND secret NOT LIKE ${`${box.currentPrefix}%`}
     ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`;
  const result = { changed: 0, unreadable: [] as string[] };
  for (const { id, secret } of rows) {
    const fresh = sealAgain(box, secret, processorSecretContext(id));
    if (fresh === null) {
      result.unreadable.push(`secret of processor ${id}`);
      continue;
    }
    await tx.$executeRaw`UPDATE processor SET secret = ${fresh} WHERE id = ${id}`;
    result.changed += 1;
  }
  return { ...result, rows: rows.length, last: [rows.at(-1)?.id ?? after] };
}

/** null when it cannot be opened. */
function sealAgain(box: SecretBox, sealed: string, context: string): string | null {
  if (sealed.startsWith(box.currentPrefix)) return sealed;
  try {
    return box.seal(box.open(sealed, context), context);
  } catch {
    return null;
  }
}
