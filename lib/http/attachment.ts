/**
 * An answer that a browser saves and never shows: what is in it may come from strangers.
 * @param filename without quotes, control characters or anything else that a header cannot hold
 */
export function attachment({ bytes, filename }: { bytes: Uint8Array<ArrayBuffer>; filename: string }): Response {
  return new Response(bytes, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${filename}"`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "private, no-store",
    },
  });
}

/** @param filename as above */
export function csvResponse(filename: string, body: ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${filename}"`,
      "cache-control": "private, no-store",
    },
  });
}
