import type { FileError } from "@/lib/contracts/admin";

/** What is wrong with the file, line by line. */
export function FileErrors({ errors }: { errors: readonly FileError[] }) {
  return (
    <ul aria-label="Mistakes in the file" className="mt-2 flex flex-col gap-1.5 text-ink">
      {errors.map(({ line, field, message }) => (
        <li key={`${line} ${field} ${message}`} className="grid gap-x-3 sm:grid-cols-[4.5rem_minmax(0,1fr)]">
          <span className="text-ink-muted tabular-nums">{line === null ? "File" : `Line ${line}`}</span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <code className="font-mono text-xs">{field}</code>: {message}
          </span>
        </li>
      ))}
    </ul>
  );
}
