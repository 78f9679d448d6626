"use client";
import { Bookmark, BookmarkPlus, Check, ChevronDown, Link2, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import type { SavedView } from "@/lib/contracts/saved-views";
import { describeError, isApiError } from "@/store/api-error";
import {
  useCreateSavedViewMutation,
  useDeleteSavedViewMutation,
  useUpdateSavedViewMutation,
} from "@/store/saved-views-api";
import { DELIVERIES } from "./links";
import { parseLogQuery, toLogQuery } from "./log-params";
import type { LogAddress } from "./use-log-filter";
import type { useSavedView } from "./use-saved-view";
import { ViewDialog } from "./view-dialog";

export type SavedViewsProps = { address: LogAddress; saved: ReturnType<typeof useSavedView> };

/** The views of the log that the project's members have saved: to open, and to make, change and delete. */
export function SavedViews({ address, saved }: SavedViewsProps) {
  const { project, can } = useProject();
  const { view, views, isChanged } = saved;
  const [asking, setAsking] = useState<"create" | "rename" | "delete" | null>(null);
  const [create] = useCreateSavedViewMutation();
  const [update] = useUpdateSavedViewMutation();
  const [remove] = useDeleteSavedViewMutation();
  const mayChange = can("deliveries:retry");
  const query = toLogQuery(address.filter);
  const open = ({ id, query: held }: SavedView) => address.openView(id, parseLogQuery(held));
  const one = { projectId: project.id, viewId: view?.id ?? "" };
  const keepChanges = () =>
    update({ ...one, body: { query } })
      .unwrap()
      .then(
        () => toast.success("View updated", { id: "view" }),
        (error: unknown) => showError(error),
      );
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button className="max-w-72 font-normal">
            <Bookmark aria-hidden="true" className="text-ink-muted" />
            <span className="min-w-0 truncate">{view === undefined ? "Saved views" : view.name}</span>
            {isChanged ? <span className="shrink-0 text-ink-muted text-xs">changed</span> : null}
            <ChevronDown aria-hidden="true" className="text-ink-faint" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent className="w-72">
          {views.length === 0 ? (
            <p className="px-2 py-1.5 text-ink-muted text-xs">
              No views yet. A view keeps the filters of the log under a name, for everybody in the project.
            </p>
          ) : (
            <DropdownMenuLabel>Views of this project</DropdownMenuLabel>
          )}
          {views.map((other) => (
            <DropdownMenuItem key={other.id} onSelect={() => open(other)}>
              <span className="flex w-4">{other.id === view?.id ? <Check aria-label="Open" /> : null}</span>
              <span className="min-w-0 truncate">{other.name}</span>
            </DropdownMenuItem>
          ))}
          {view === undefined ? null : (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem onSelect={() => void copyLink(view.id)}>
                <Link2 aria-hidden="true" />
                Copy link to this view
              </DropdownMenuItem>
            </>
          )}
          {mayChange ? (
            <>
              <DropdownMenuSeparator />
              {view !== undefined && isChanged ? (
                <DropdownMenuItem onSelect={() => void keepChanges()}>
                  <RefreshCw aria-hidden="true" />
                  Update this view
                </DropdownMenuItem>
              ) : null}
              <DropdownMenuItem onSelect={() => setAsking("create")} disabled={query === ""}>
                <BookmarkPlus aria-hidden="true" />
                {query === "" ? "Save as a view (filter first)" : "Save as a view…"}
              </DropdownMenuItem>
              {view === undefined ? null : (
                <>
                  <DropdownMenuItem onSelect={() => setAsking("rename")}>
                    <Pencil aria-hidden="true" />
                    Rename…
                  </DropdownMenuItem>
                  <DropdownMenuItem tone="danger" onSelect={() => setAsking("delete")}>
                    <Trash2 aria-hidden="true" />
                    Delete…
                  </DropdownMenuItem>
                </>
              )}
            </>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      {asking === "create" ? (
        <ViewDialog
          title="Save as a view"
          description="The filters of the log, for everybody in the project. What is in the list goes on changing."
          name=""
          submitLabel="Save view"
          onSubmit={async (name) => {
            const { id } = await create({ projectId: project.id, body: { name, query } }).unwrap();
            address.openView(id, null);
          }}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking === "rename" && view !== undefined ? (
        <ViewDialog
          title="Rename the view"
          description="For everybody in the project; links to it go on working."
          name={view.name}
          submitLabel="Rename"
          onSubmit={(name) => update({ ...one, body: { name } }).unwrap()}
          onClose={() => setAsking(null)}
        />
      ) : null}
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={(isOpen) => {
          if (!isOpen) setAsking(null);
        }}
        title={`Delete the view “${view?.name ?? ""}”?`}
        description="It goes for everybody in the project, and links to it show the whole log. Deliveries are not touched."
        confirmLabel="Delete view"
        onConfirm={async () => {
          await remove(one).unwrap();
          address.openView(null, null);
        }}
        describeError={(error) => describeError(isApiError(error) ? error : undefined).detail}
      />
    </>
  );
}

async function copyLink(id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(`${window.location.origin}${DELIVERIES}?view=${encodeURIComponent(id)}`);
    toast.success("Link copied", { id: "view" });
  } catch {
    toast.error("The link could not be copied", { id: "view", description: "Copy it from the address bar instead." });
  }
}

function showError(error: unknown): void {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  toast.error(title, { id: "view", description: detail, ...(requestId === null ? {} : { requestId }) });
}
