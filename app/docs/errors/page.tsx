import type { Metadata } from "next";
import { ERROR_HELP } from "@/lib/contracts/error-help";
import { ERRORS, type ErrorCode } from "@/lib/contracts/problem";

export const metadata: Metadata = { title: "Errors" };

/** Where the `type` of every problem leads. Public, as errors are. */
export default function ErrorsPage() {
  return (
    <main className="mx-auto max-w-2xl px-4 py-10 text-sm">
      <h1 className="font-semibold text-2xl text-ink">Errors of the API</h1>
      <p className="mt-2 text-ink-muted">
        Every error is answered as <code className="font-mono">application/problem+json</code> with its code, what is
        wrong with which field, and a request id.
      </p>
      <dl className="mt-8">
        {(Object.keys(ERRORS) as ErrorCode[]).map((code) => (
          <div key={code} id={code} className="scroll-mt-6 border-line border-t py-4 target:bg-hover">
            <dt className="flex flex-wrap items-baseline gap-x-3">
              <code className="font-medium font-mono text-ink">{code}</code>
              <span className="text-ink-muted tabular-nums">{ERRORS[code].status}</span>
              <span className="text-ink">{ERRORS[code].title}</span>
            </dt>
            <dd className="mt-1 text-ink-muted">{ERROR_HELP[code]}</dd>
          </div>
        ))}
      </dl>
    </main>
  );
}
