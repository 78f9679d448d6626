/**
 * A function of text that remembers its results: for what is asked of few different texts and often. When there are
 * more than `most` of them all are forgotten, so that whoever invents texts costs time and not memory. What it throws is
 * not remembered.
 */
export function memoize<Result>(most: number, compute: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as Result;
    const result = compute(text);
    if (known.size >= most) known.clear();
    known.set(text, result);
    return result;
  };
}
