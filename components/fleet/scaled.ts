/** Whole numbers of a smallest unit, typed and shown with decimals: micro-credits as credits, basis points as per cent. */

/**
 * Thousands may be separated by commas or spaces, as wherever credits are typed.
 * @returns NaN for what is no amount, has more decimals than there are, or is more than numbers carry exactly
 */
export function readScaled(text: string, decimals: number): number {
  const plain = text.trim();
  if (!/^(\d+|\d{1,3}([ ,]\d{3})+)?(\.\d*)?$/.test(plain)) return Number.NaN;
  const [whole = "", part = ""] = plain.replaceAll(/[ ,]/g, "").split(".");
  if (whole + part === "" || part.length > decimals) return Number.NaN;
  const value = Number(whole) * 10 ** decimals + Number(part.padEnd(decimals, "0"));
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Without needless zeros: `2.5`, `12`; "" for what is no number. */
export function writeScaled(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "";
  const size = 10 ** decimals;
  const part = String(value % size)
    .padStart(decimals, "0")
    .replace(/0+$/, "");
  return `${Math.floor(value / size)}${part === "" ? "" : `.${part}`}`;
}
