export type CurlRequest = { method: string; url: string; headers: Readonly<Record<string, string>>; body: string };

/** Written by curl itself from the URL and the body; repeating them could only contradict it. */
const OWN_HEADERS = new Set(["host", "content-length", "connection", "transfer-encoding"]);

/** Linux refuses an argument of 128 KiB; a longer body is piped to curl by printf, which shells run themselves. */
const LONGEST_ARGUMENT_BYTES = 96 * 1024;

/**
 * A request as a command for a POSIX shell. Every part is quoted, so that nothing in it is expanded, run, or read from
 * a file, whatever a URL, a header or a body contains.
 */
export function curlCommand({ method, url, headers, body }: CurlRequest): string {
  const parts = [`curl -X ${shellQuote(method)} ${shellQuote(url)}`];
  // curl reads [], {} in a URL as a pattern of several URLs.
  if (/[[\]{}]/.test(url)) parts.push("--globoff");
  for (const [name, value] of Object.entries(headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) parts.push(`-H ${shellQuote(headerLine(name, value))}`);
  }
  const isLong = new TextEncoder().encode(body).length > LONGEST_ARGUMENT_BYTES;
  // Not -d, which would read a body that begins with "@" from a file.
  if (isLong) parts.push("--data-binary @-");
  else if (body !== "") parts.push(`--data-raw ${shellQuote(body)}`);
  const command = parts.join(" \\\n  ");
  return isLong ? `printf %s ${shellQuote(body)} | ${command}` : command;
}

/** One word of a POSIX shell that stands for exactly this text. */
export function shellQuote(text: string): string {
  return /^[\w/:.,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** curl takes "Name:" for "leave this header out" and "Name;" for one without a value. */
function headerLine(name: string, value: string): string {
  return value === "" ? `${name};` : `${name}: ${value}`;
}
