"use client";
import { Download, ReceiptText, SearchX } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { useNow } from "@/components/ui/use-now";
import { ledgerCsvHref, useListLedgerInfiniteQuery } from "@/store/credits-api";
import { LedgerFilters } from "./ledger-filters";
import { LedgerTable } from "./ledger-table";
import { NO_LEDGER_FILTER, useLedgerFilter } from "./use-ledger-filter";

/** Every movement of the project's credits, newest first. */
export function LedgerSection({ projectId }: { projectId: string }) {
  const now = useNow();
  const { values, filter, setFilter, isFiltered } = useLedgerFilter(now ?? 0);
  // The server does not know what "the last day" is to the reader.
  const query = useListLedgerInfiniteQuery({ projectId, filter }, { skip: now === undefined });
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
        <PagedList
          query={query}
          noun={["line", "lines"]}
          loading="Loading the ledger"
          empty={
            isFiltered ? (
              <EmptyState
                icon={<SearchX />}
                title="No line matches these filters"
                actions={<Button onClick={() => setFilter(NO_LEDGER_FILTER)}>Clear filters</Button>}
              />
            ) : (
              <EmptyState icon={<ReceiptText />} title="No movements yet">
                When credits are granted to this project, or held for its first reservation, it stands here.
              </EmptyState>
            )
          }
        >
          {(lines) => <LedgerTable lines={lines} />}
        </PagedList>
      </Card>
    </Section>
  );
}
