import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { isId } from "@/lib/ids";

/** A name for whoever made something: a person, an API key, or the system. */
export type NameOf = (id: string) => string;

/** The names behind ids of users and API keys, read at once. */
export async function readNames(client: Tx | typeof db, ids: readonly string[]): Promise<NameOf> {
  const wanted = [...new Set(ids)];
  const users = wanted.filter((id) => isId("user", id));
  const keys = wanted.filter((id) => isId("apiKey", id));
  const people =
    users.length === 0
      ? []
      : await client.user.findMany({ where: { id: { in: users } }, select: { id: true, name: true, email: true } });
  const apiKeys =
    keys.length === 0
      ? []
      : await client.apiKey.findMany({ where: { id: { in: keys } }, select: { id: true, name: true } });
  const names = new Map([
    ...people.map(({ id, name, email }) => [id, name || email] as const),
    ...apiKeys.map(({ id, name }) => [id, name] as const),
  ]);
  return (id) => names.get(id) ?? nameOfNobody(id);
}

/** For an id behind which there is no account (any more). */
export function nameOfNobody(id: string): string {
  return id === "system" ? "Dumont" : "Somebody who left";
}
