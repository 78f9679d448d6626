import { cn } from "@/components/ui/cn";

/** The end of a URL tells endpoints on one host apart, so it stays when the middle gives way. */
const TAIL = 12;

/** A URL in whatever room there is, cut in the middle. */
export function UrlText({ url, className }: { url: string; className?: string | undefined }) {
  return (
    <span title={url} className={cn("flex min-w-0 max-w-full font-mono text-xs", className)}>
      <span aria-hidden="true" className="truncate">
        {url.slice(0, -TAIL)}
      </span>
      <span aria-hidden="true" className="shrink-0">
        {url.slice(-TAIL)}
      </span>
      <span className="sr-only">{url}</span>
    </span>
  );
}
