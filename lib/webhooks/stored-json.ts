/** Texts that are kept parsed, of each kind; a filter has at most PAYLOAD_FILTER_LIMITS.bytes, a schedule less. */
const KEPT = 1000;

/**
 * Reads what the database keeps as JSON text, each text once: emitting to a hundred webhooks would otherwise check a
 * hundred times the same schedule. The same text gives the same object, so it must not be changed.
 * @throws whatever `parse` throws, for a text that could not have been stored
 */
export function storedJson<T>(parse: (value: unknown) => T): (json: string) => T {
  const kept = new Map<string, T>();
  return (json) => {
    const value = kept.get(json) ?? parse(JSON.parse(json));
    // Anew at the end: what was used longest ago stands first and goes first.
    kept.delete(json);
    kept.set(json, value);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? "");
    return value;
  };
}
