"use client";
import { RotateCw } from "lucide-react";
import { useFormContext, useWatch } from "react-hook-form";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { SkeletonRows } from "@/components/ui/skeleton";
import { FilterPreviewList } from "@/components/webhooks/filter-preview-list";
import { previewWords } from "@/components/webhooks/filter-preview-words";
import { toPreviewBody, type WebhookFormValues } from "@/components/webhooks/form-schema";
import { useFilterPreview } from "@/components/webhooks/use-filter-preview";

/** What the form's event types and filter would have meant for the latest events, while they are being edited. */
export function FilterPreviewPanel({ active }: { active: boolean }) {
  const { project, can } = useProject();
  const { control } = useFormContext<WebhookFormValues>();
  const [event_types, applications, environments, labels, payload] = useWatch({
    control,
    name: ["event_types", "applications", "environments", "labels", "payload"],
  });
  const body = toPreviewBody({ event_types, applications, environments, labels, payload });
  const allowed = can("events:read");
  const { preview, error, updating, update } = useFilterPreview(project.id, active && allowed ? body : null);
  const note = !allowed
    ? "Your role or key may not see events, so there is nothing to try the filter on."
    : event_types.length === 0
      ? "Choose event types first."
      : body === null
        ? `Waiting until the filter above is right.${preview ? " Below: as it was before." : ""}`
        : undefined;
  return (
    <section aria-label="Dry run" className="rounded-lg border border-line">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
        <div className="min-w-0">
          <h3 className="font-medium text-ink text-sm">Dry run</h3>
          <p role="status" className="text-ink-muted text-sm">
            {note ?? (preview ? previewWords(preview) : "Trying it on the latest events…")}
          </p>
        </div>
        {note === undefined && preview ? (
          <Button size="sm" loading={updating} onClick={update}>
            <RotateCw aria-hidden="true" />
            Update
          </Button>
        ) : null}
      </div>
      {error ? (
        <LoadError error={error} onRetry={update} retrying={updating} className="border-line border-t py-6" />
      ) : null}
      {active && !preview && !error && note === undefined ? (
        <SkeletonRows rows={3} label="Trying the filter" className="border-line border-t" />
      ) : null}
      {preview && preview.considered > 0 ? (
        <div>
          <Progress
            label="Share of the latest events that would have come"
            value={preview.matched}
            max={preview.considered}
            className="h-1 rounded-none"
          />
          <FilterPreviewList preview={preview} />
        </div>
      ) : null}
    </section>
  );
}
