/**
 * Whether a URL is the console's own test receiver: exactly `<selfOrigin>/receiver/<token>`, with nothing before,
 * between or after. Compared as text and without a parser, so that no spelling (userinfo, dot segments, encoded
 * slashes, another port, a query) can lead to any other address of the console. A spelling that a parser would call
 * equal, such as an upper-case host, is not accepted and goes the ordinary way.
 * @param selfOrigin the console's origin as `URL.origin` gives it, such as "http://localhost:3000".
 */
export function isOwnReceiver(url: string, selfOrigin: string): boolean {
  const prefix = `${selfOrigin}/receiver/`;
  return url.startsWith(prefix) && /^[A-Za-z0-9_-]{16,64}$/.test(url.slice(prefix.length));
}
