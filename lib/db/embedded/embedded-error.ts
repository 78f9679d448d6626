/** The embedded PostgreSQL cannot be used; the message is for the person who started it and names the mend. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}
