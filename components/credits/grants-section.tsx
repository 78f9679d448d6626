"use client";
import { Wallet } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { PagedList } from "@/components/shell/paged-list";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Segmented } from "@/components/ui/segmented";
import { useListGrantsInfiniteQuery } from "@/store/credits-api";
import { GrantTable } from "./grant-table";

const STATES = ["open", "all"] as const;

/** The grants that the balance is made of. */
export function GrantsSection({ projectId }: { projectId: string }) {
  const [state, setState] = useQueryState("grants", parseAsStringLiteral(STATES).withDefault("open"));
  const query = useListGrantsInfiniteQuery({ projectId, state });
  return (
    <Section
      title="Grants"
      description="Bookings take from the lowest priority number first, then from what runs out first, then from what was given rather than paid for."
      actions={
        <Segmented
          label="Which grants"
          options={[
            { value: "open", label: "With something left" },
            { value: "all", label: "All" },
          ]}
          value={state}
          onValueChange={(value) => void setState(STATES.find((known) => known === value) ?? "open")}
        />
      }
    >
      <Card>
        <PagedList
          query={query}
          noun={["grant", "grants"]}
          loading="Loading grants"
          empty={
            <EmptyState icon={<Wallet />} title={state === "open" ? "No grant has anything left" : "No grants yet"}>
              Whoever runs the installation grants credits to projects.
            </EmptyState>
          }
        >
          {(grants) => <GrantTable grants={grants} />}
        </PagedList>
      </Card>
    </Section>
  );
}
