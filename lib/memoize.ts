/**
 * A function of text that remembers its results: for what is asked of few different texts and often. When it is full, what
 * was used longest ago goes for each that comes, so that whoever invents texts costs time and not memory. What it throws
 * is not remembered.
 */
export function memoize<Result>(most: number, compute: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const isKnown = known.has(text);
    // While there is room for all, nobody asks when each was used last.
    if (isKnown && known.size < most) return known.get(text) as Result;
    const result = isKnown ? (known.get(text) as Result) : compute(text);
    // Anew at the end: what was used longest ago stands first.
    known.delete(text);
    known.set(text, result);
    if (known.size > most) known.delete(known.keys().next().value ?? "");
    return result;
  };
}
