/** `complete` is false when the body went past the limit; the bytes are then its beginning. */
export type BoundedBody = { bytes: Buffer; complete: boolean };

/**
 * Reads at most `limit` bytes of a request body, counting as it reads, and leaves the rest unread.
 * @returns null when the caller broke off
 */
export async function readBounded(request: Request, limit: number): Promise<BoundedBody | null> {
  if (!request.body) return { bytes: Buffer.alloc(0), complete: true };
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > limit) return { bytes: Buffer.concat(chunks).subarray(0, limit), complete: false };
    }
  } catch {
    return null;
  }
  return { bytes: Buffer.concat(chunks), complete: true };
}
