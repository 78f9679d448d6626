import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { secretSchema } from "@/lib/contracts/signing";
import { env, secretVariable } from "@/lib/env";
import { log } from "@/lib/log";
import { secretErrors } from "@/lib/webhooks/rotation-policy";

export type SecretSource = "file" | "environment";
export type FoundSecret = { value: string; source: SecretSource };

/** More than any secret has; what is larger is something else. */
const LARGEST_BYTES = 4096;

/**
 * The value of a secret by its name: from the file of that name in SECRETS_DIR, else from the environment variable of
 * that name, which the log then says to move. The value appears in no message.
 * @param webhook the id of the entry that names it, for the log
 * @returns what is wrong instead, as a sentence
 */
export async function findSecret(name: string, webhook: string): Promise<FoundSecret | { problem: string }> {
  const file = path.join(env.SECRETS_DIR, name);
  const fromFile = await readSecret(file);
  if (fromFile !== undefined && "problem" in fromFile) return fromFile;
  if (fromFile) return checked(fromFile.value, "file", file);
  const variable = secretVariable(name);
  if (variable === undefined) {
    return { problem: `There is no secret "${name}": put it into the file ${file}` };
  }
  log.warn(
    { webhook, secret_name: name },
    `The secret "${name}" comes from the environment, where child processes and crash reports see it. To migrate, write it to ${file} (a Docker or Kubernetes secret of that name), reload, and remove the variable.`,
  );
  return checked(variable, "environment", `the environment variable ${name}`);
}

/** @returns undefined when there is no such file */
async function readSecret(file: string): Promise<{ value: string } | { problem: string } | undefined> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_BYTES) return { problem: `${file} has ${size} bytes, which is no secret` };
    // Editors and "echo" end a file with a line break, which is not part of the secret.
    return { value: (await readFile(file, "utf8")).replace(/\r?\n$/, "") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { problem: `${file} cannot be read (${code}). Let the user that runs Dumont read it` };
  }
}

function checked(value: string, source: SecretSource, where: string): FoundSecret | { problem: string } {
  const result = secretSchema.safeParse(value);
  const problem = result.success
    ? secretErrors({ secret: value, signing: "hmac" })[0]?.message
    : (result.error.issues[0]?.message ?? "It is malformed");
  return problem === undefined ? { value, source } : { problem: `The secret in ${where} cannot be used: ${problem}` };
}
