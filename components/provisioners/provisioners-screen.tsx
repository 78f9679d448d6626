"use client";
import { Plus, Server } from "lucide-react";
import { useState } from "react";
import { ComputeTabs } from "@/components/compute/compute-tabs";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import type { ProvisionerWithSecret } from "@/lib/contracts/provisioners";
import { useListProvisionersInfiniteQuery } from "@/store/provisioners-api";
import { ProvisionerDialog } from "./provisioner-dialog";
import { ProvisionerSecret } from "./provisioner-secret";
import { ProvisionerTable } from "./provisioner-table";

/** Who runs machines of one's own, and whether they answer. */
export function ProvisionersScreen() {
  const query = useListProvisionersInfiniteQuery();
  const [secret, setSecret] = useState<ProvisionerWithSecret | null>(null);
  const add = (
    <ProvisionerDialog
      onCreated={setSecret}
      trigger={
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Add provisioner
        </Button>
      }
    />
  );
  return (
    <>
      <PageHeader
        title="Provisioners"
        description="Services of your own that start and stop machines when bookings begin and end. Dumont calls them with signed requests."
        actions={add}
      />
      <ComputeTabs />
      <Card>
        <CardHeader
          title="Your provisioners"
          description="A pool is run by one when its machines are set to “Own machines” in the pool's form."
        />
        <PagedList
          query={query}
          noun={["provisioner", "provisioners"]}
          loading="Loading the provisioners"
          loadingRows={3}
          empty={
            <EmptyState icon={<Server />} title="No provisioners yet">
              The documentation has the contract of one page, a reference in plain Node.js, and a command that checks
              yours.
            </EmptyState>
          }
        >
          {(rows) => <ProvisionerTable rows={rows} onSecret={setSecret} />}
        </PagedList>
      </Card>
      <ProvisionerSecret provisioner={secret} onStored={() => setSecret(null)} />
    </>
  );
}
