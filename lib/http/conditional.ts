/**
 * An answer that is kept by whoever asked and checked each time: 304 when they have it already (RFC 9110, section 13).
 * @param etag in quotes
 * @param lastModified null: only the etag tells
 */
export function conditional(
  request: Request,
  {
    body,
    contentType,
    etag,
    lastModified,
  }: { body: string; contentType: string; etag: string; lastModified: Date | null },
): Response {
  const headers = {
    etag,
    ...(lastModified && { "last-modified": lastModified.toUTCString() }),
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
  };
  if (isFresh(request.headers, etag, lastModified)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, "content-type": contentType } });
}

/** If-None-Match decides alone when it is there. */
function isFresh(headers: Headers, etag: string, lastModified: Date | null): boolean {
  const match = headers.get("if-none-match");
  if (match !== null) {
    return match.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
  }
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  // The header counts whole seconds.
  return lastModified !== null && Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
}
