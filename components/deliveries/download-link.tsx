import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Saves a stored body as a file; the server sends it as an attachment, never to be shown. */
export function DownloadLink({ href, label }: { href: string; label: string }) {
  return (
    <Button asChild variant="ghost" size="sm">
      <a href={href} download="" aria-label={label} title={label}>
        <Download aria-hidden="true" />
        Download
      </a>
    </Button>
  );
}
