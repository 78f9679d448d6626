"use client";
import { useQueryState } from "nuqs";
import { useCallback, useRef, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SplitView } from "@/components/ui/split-view";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { DeliveryInspector } from "./delivery-inspector";
import { FilterChips } from "./filter-chips";
import { countClauses } from "./log-filter";
import { LogFilters, LogFiltersSheet, type OpenedPicker } from "./log-filters";
import { LogList } from "./log-list";
import type { LogTableHandle } from "./log-rows";
import { LogLoading } from "./log-states";
import { SavedViews } from "./saved-views";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { useLogFilter } from "./use-log-filter";
import { useSavedView } from "./use-saved-view";
import { useWebhookNames } from "./use-webhook-names";

const SHORTCUTS = [
  { keys: ["j"], does: "Next delivery" },
  { keys: ["k"], does: "Previous delivery" },
  { keys: ["Enter"], does: "Open the delivery" },
  { keys: ["Esc"], does: "Close the open delivery, or let the selection go" },
  { keys: ["x"], does: "Select the delivery, or let it go" },
  { keys: ["J", "K"], does: "Select on to the next or previous one" },
  { keys: ["r"], does: "Retry the delivery, or all that are selected" },
  { keys: ["/"], does: "Search" },
  { keys: ["f"], does: "More filters" },
  { keys: ["t"], does: "Time range" },
  { keys: ["?"], does: "Show this list" },
] as const;

/** The delivery log: filters, the list, and beside it the delivery that is open. All of it is in the URL. */
export function DeliveryLog() {
  const { project } = useProject();
  const address = useLogFilter();
  const { filter, setFilter, clearFilter } = address;
  const saved = useSavedView(project.id, address);
  const [opened, setOpened] = useState<OpenedPicker>(null);
  const [openId, setOpenId] = useQueryState("delivery");
  const [helpOpen, setHelpOpen] = useState(false);
  const webhooks = useWebhookNames(project.id);
  const isTable = useMediaQuery("(width >= 48rem)");
  const hasRoom = useMediaQuery("(width >= 64rem)");
  const table = useRef<LogTableHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);

  const open = useCallback((id: string) => void setOpenId(id, { history: "push" }), [setOpenId]);
  const close = () => {
    void setOpenId(null, { history: "push" });
    requestAnimationFrame(() => openId !== null && table.current?.focusRow(openId));
  };
  const move = (id: string) => {
    if (openId !== null) void setOpenId(id, { history: "replace" });
  };
  const search = () => {
    searchField.current?.focus();
    searchField.current?.select();
  };
  useHotkeys({
    "/": search,
    "?": () => setHelpOpen(true),
    ...(isTable ? { f: () => setOpened("filters"), t: () => setOpened("time") } : {}),
    ...(openId === null ? {} : { Escape: close }),
  });

  const inspector = openId === null ? null : <DeliveryInspector deliveryId={openId} onClose={close} />;
  const isNarrowed = countClauses(filter) > 0;
  const filters = { filter, onChange: setFilter, webhooks, searchField };
  return (
    <div className="flex flex-col gap-3 md:-my-6 md:h-[calc(100dvh-3rem)] md:min-h-[28rem] md:gap-2.5 md:py-3 pointer-coarse:md:h-[calc(100dvh-3.5rem)]">
      <PageHeader title="Deliveries" actions={<SavedViews address={address} saved={saved} />} />
      {saved.isMissing ? (
        <Alert tone="caution" live onDismiss={() => address.openView(null, null)}>
          The saved view of this link is not there any more. Below is{" "}
          {isNarrowed ? "what the link itself says" : "the whole log"}.
        </Alert>
      ) : null}
      {inspector !== null && !hasRoom ? (
        // Opened by its URL where there is no room for two: it takes the place of the list.
        inspector
      ) : (
        <>
          {isTable ? (
            <LogFilters {...filters} opened={opened} onOpened={setOpened} />
          ) : (
            <LogFiltersSheet {...filters} />
          )}
          <FilterChips filter={filter} webhookName={webhooks.nameOf} onChange={setFilter} onClear={clearFilter} />
          <SplitView
            label="Resize the open delivery"
            storageKey="dumont-inspector-width"
            className="md:flex-1"
            side={inspector}
            main={
              saved.isResolving ? (
                <Card className="flex min-h-0 flex-1 flex-col">
                  <LogLoading />
                </Card>
              ) : (
                <LogList
                  filter={filter}
                  onFilter={setFilter}
                  onClearFilter={clearFilter}
                  webhooks={webhooks}
                  isTable={isTable}
                  openId={openId}
                  onOpen={hasRoom ? open : undefined}
                  onMove={move}
                  onHelp={() => setHelpOpen(true)}
                  table={table}
                />
              )
            }
          />
        </>
      )}
      <ShortcutsDialog open={helpOpen} onOpenChange={setHelpOpen} shortcuts={SHORTCUTS} />
    </div>
  );
}
