"use client";
import { Download, ReceiptText, SearchX } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useNow } from "@/components/ui/use-now";
import { describeError } from "@/store/api-error";
import { ledgerCsvHref, useListLedgerInfiniteQuery } from "@/store/credits-api";
import { LedgerFilters } from "./ledger-filters";
import { LedgerTable } from "./ledger-table";
import { LoadFailed } from "./load-failed";
import { NO_LEDGER_FILTER, useLedgerFilter } from "./use-ledger-filter";

/** Every movement of the project's credits, newest first. */
export function LedgerSection({ projectId }: { projectId: string }) {
  const now = useNow();
  const { values, filter, setFilter, isFiltered } = useLedgerFilter(now ?? 0);
  // The server does not know what "the last day" is to the reader.
  const query = useListLedgerInfiniteQuery({ projectId, filter }, { skip: now === undefined });
  const lines = query.currentData?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      id="ledger"
      title="Ledger"
      description="Every movement, newest first. Nothing in it is ever changed or removed."
      actions={
        <Button asChild size="sm">
          <a href={ledgerCsvHref(projectId, filter)} download="credits-ledger.csv">
            <Download aria-hidden="true" />
            {isFiltered ? "Download these as CSV" : "Download as CSV"}
          </a>
        </Button>
      }
    >
      <LedgerFilters values={values} isFiltered={isFiltered} onChange={setFilter} />
      <Card>
        {lines.length > 0 ? (
          <>
            <LedgerTable lines={lines} />
            <LoadMore
              shown={lines.length}
              noun={lines.length === 1 ? "line" : "lines"}
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              onLoadMore={() => void query.fetchNextPage()}
              error={query.isError ? describeError(query.error).detail : undefined}
            />
          </>
        ) : query.isError ? (
          <LoadFailed error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : query.currentData === undefined ? (
          <SkeletonRows label="Loading the ledger" />
        ) : isFiltered ? (
          <EmptyState
            icon={<SearchX />}
            title="No line matches these filters"
            actions={<Button onClick={() => setFilter(NO_LEDGER_FILTER)}>Clear filters</Button>}
          />
        ) : (
          <EmptyState icon={<ReceiptText />} title="No movements yet">
            When credits are granted to this project, or held for its first reservation, it stands here.
          </EmptyState>
        )}
      </Card>
    </Section>
  );
}
