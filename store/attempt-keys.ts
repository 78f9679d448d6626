/**
 * The idempotency keys of a form: what is sent again after an answer that was lost has the key of the first time, so
 * that its work is done once; anything else has another.
 */
export function attemptKeys() {
  let last: { text: string; key: string } | null = null;
  return {
    keyOf(body: object): string {
      const text = JSON.stringify(body);
      if (last?.text !== text) last = { text, key: newKey() };
      return last.key;
    },
    /** It was done: the same may be wanted once more. */
    done() {
      last = null;
    },
  };
}

/** Not randomUUID, which browsers have for https and localhost alone. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, "0")).join("");
}
