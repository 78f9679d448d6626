import pino from "pino";
import { env } from "@/lib/env";

const SECRET_TEXT =
  /wh(?:sec|sk)_[A-Za-z0-9+/=_-]{8,}|dmt_[A-Za-z0-9_]{16,}|(?<=Bearer )[\w.-]{8,}|(postgres(?:ql)?:\/\/[^:]+:)[^@]+@/g;

/** Replaces anything that looks like a secret; the last line of defence behind the redacted paths below. */
export function scrub(text: string): string {
  return text.replace(SECRET_TEXT, (_match, url: string | undefined) => (url ? `${url}[redacted]@` : "[redacted]"));
}

/** Structured log on standard output, one JSON object a line. Secrets are redacted by path and, failing that, by shape. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: ["*.secret", "*.password", "*.authorization", "*.cookie", "headers.authorization", "headers.cookie"],
    censor: "[redacted]",
  },
  hooks: { streamWrite: scrub },
});
