import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import type { FileError, SyncResult } from "@/lib/contracts/admin";
import { db } from "@/lib/db/client";
import { env, httpRule, publicOrigin, webhooksFile } from "@/lib/env";
import type { Prisma } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";
import { parseWebhooksFile, tooLarge } from "@/lib/webhooks/file/parse";
import { type FileWebhook, WEBHOOKS_FILE_LIMITS } from "@/lib/webhooks/file/schema";
import { findSecret } from "@/lib/webhooks/file/secret-source";
import { overfullProjects, type ResolvedWebhook, syncWebhooks } from "@/lib/webhooks/file/sync";

export type LoadTrigger = "start" | "signal" | "change" | "admin";

export type LoadOutcome =
  | { kind: "applied"; result: SyncResult }
  /** What was in force stays so. */
  | { kind: "refused"; errors: FileError[] }
  /** There is no file, and there never was one. */
  | { kind: "absent" }
  /** There is no project that the webhooks could belong to; nobody has set this installation up yet. */
  | { kind: "unready" };

type Options = {
  trigger: LoadTrigger;
  /** Also enable webhooks that were disabled automatically and whose entries did not change. */
  reenable?: boolean;
  /** The file, relative to the working directory. */
  file?: string;
};

/**
 * Puts the webhooks' file into force, or refuses it as a whole and leaves the last good one in force. What became of it
 * is kept in the database and logged. Any process may do it at any time.
 * @throws Error only when the database cannot be reached
 */
export async function loadWebhooksFile({
  trigger,
  reenable = false,
  file = webhooksFile,
}: Options): Promise<LoadOutcome> {
  const outcome = await load(file, { trigger, reenable });
  if (outcome.kind === "applied" || outcome.kind === "refused") await remember(file, trigger, outcome);
  report(file, trigger, outcome);
  return outcome;
}

async function load(file: string, { trigger, reenable }: Required<Omit<Options, "file">>): Promise<LoadOutcome> {
  const text = await read(file);
  if (text === null) {
    const expected = trigger === "admin" || env.WEBHOOKS_FILE !== undefined || (await hasFileWebhooks());
    return expected ? { kind: "refused", errors: [missing(file)] } : { kind: "absent" };
  }
  if (typeof text === "object") return { kind: "refused", errors: [text] };
  const parsed = parseWebhooksFile(text, { checkUrl });
  const resolved = await resolve(parsed.webhooks);
  if (resolved === null) return { kind: "unready" };
  const errors = [...parsed.errors, ...resolved.errors].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (errors.length > 0) return { kind: "refused", errors };
  return { kind: "applied", result: await syncWebhooks(resolved.webhooks, { reenable }) };
}

/** null: there is none. */
async function read(file: string): Promise<string | FileError | null> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { line: null, field: "webhooks", message: `${file} is not a file` };
    if (found.size > WEBHOOKS_FILE_LIMITS.bytes) return tooLarge(found.size);
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    const message = `${file} cannot be read (${code}). Let the user that runs Dumont read it`;
    return { line: null, field: "webhooks", message };
  }
}

function missing(file: string): FileError {
  const message = `There is no file ${file}. To have no webhooks in it, keep it with "webhooks: []"`;
  return { line: null, field: "webhooks", message };
}

async function hasFileWebhooks(): Promise<boolean> {
  return (await db.webhook.findFirst({ where: { source: "file", deletedAt: null }, select: { id: true } })) !== null;
}

function checkUrl(url: string): string | null {
  return checkDestination(url, { policy: egressPolicy(), http: httpRule, selfOrigin: publicOrigin });
}

/** Finds the secrets and projects that entries name. @returns null when a default project is needed and there is none */
async function resolve(
  webhooks: readonly FileWebhook[],
): Promise<{ webhooks: ResolvedWebhook[]; errors: FileError[] } | null> {
  const first = await db.project.findFirst({ orderBy: [{ createdAt: "asc" }, { id: "asc" }], select: { id: true } });
  if (!first && webhooks.some(({ project }) => project === undefined)) return null;
  const named = [...new Set(webhooks.flatMap(({ project }) => project ?? []))];
  const known = await db.project.findMany({ where: { id: { in: named } }, select: { id: true } });
  const projects = new Set(known.map(({ id }) => id));

  const errors: FileError[] = [];
  const resolved: ResolvedWebhook[] = [];
  for (const { project, secret: secretName, ...webhook } of webhooks) {
    const refuse = (field: string, message: string) =>
      errors.push({ line: webhook.line, field: `${webhook.id}.${field}`, message });
    const projectId = project ?? first?.id ?? "";
    if (project !== undefined && !projects.has(project)) refuse("project", `There is no project "${project}"`);
    const secret = await findSecret(secretName, webhook.id);
    if ("problem" in secret) refuse("secret", secret.problem);
    else resolved.push({ ...webhook, projectId, secretName, secret });
  }
  for (const projectId of await overfullProjects(db, resolved)) {
    const message = `The project "${projectId}" would have too many webhooks; delete some of those made in the console`;
    errors.push({ line: null, field: "webhooks", message });
  }
  return { webhooks: resolved, errors };
}

async function remember(
  file: string,
  trigger: LoadTrigger,
  outcome: Extract<LoadOutcome, { kind: "applied" | "refused" }>,
): Promise<void> {
  const now = new Date();
  const data: Omit<Prisma.WebhooksFileUncheckedCreateInput, "id"> = {
    path: file,
    host: hostname(),
    trigger,
    loadedAt: now,
    ...(outcome.kind === "applied"
      ? { errors: [], appliedAt: now, result: outcome.result }
      : { errors: outcome.errors }),
  };
  await db.webhooksFile.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
}

function report(file: string, trigger: LoadTrigger, outcome: LoadOutcome): void {
  if (outcome.kind === "applied") log.info({ file, trigger, ...outcome.result }, "the webhooks' file is in force");
  if (outcome.kind === "unready") log.debug({ file, trigger }, "the webhooks' file waits for a project");
  if (outcome.kind === "refused") {
    log.error({ file, trigger, errors: outcome.errors }, "the webhooks' file was refused; what was in force stays so");
  }
}

/** For a process that serves: loads the file once as it starts. Workers follow it from then on. Never throws. */
export async function loadAtStart(): Promise<void> {
  await loadWebhooksFile({ trigger: "start" }).catch((err: unknown) =>
    log.warn({ err }, "the webhooks' file could not be loaded; the next worker to start does it"),
  );
}
