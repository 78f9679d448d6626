"use client";
import { FileSliders, Plus } from "lucide-react";
import { useState } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card, CardHeader } from "@/components/ui/card";
import { CheckboxField } from "@/components/ui/checkbox";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Configuration } from "@/lib/contracts/configurations";
import { useListConfigurationsInfiniteQuery } from "@/store/configs-api";
import { ConfigTable } from "./config-table";
import { EnvironmentsCard } from "./environments-card";
import { NewConfigDialog } from "./new-config-dialog";

/** All configurations of the project by application, with what is deployed where. */
export function ConfigurationsScreen() {
  const { project, can } = useProject();
  const [archived, setArchived] = useState(false);
  const query = useListConfigurationsInfiniteQuery({ projectId: project.id, archived });
  const blocked = can("configs:write") ? undefined : "Your role can look at configurations but not make any.";
  const create = (
    <NewConfigDialog
      trigger={
        <GuardedButton variant="primary" blocked={blocked}>
          <Plus aria-hidden="true" />
          New configuration
        </GuardedButton>
      }
    />
  );
  return (
    <>
      <PageHeader
        title="Configurations"
        description="What boots on your GPUs: launch templates under version control, deployed to environments."
        actions={create}
      />
      <PagedList
        query={query}
        noun={["configuration", "configurations"]}
        loading="Loading configurations"
        empty={
          <Card>
            <EmptyState icon={<FileSliders />} title="No configurations yet" actions={create}>
              A configuration says which image boots, with which variables, script, ports and disk. Commit versions of
              it, deploy one to an environment, and let a booking name both.
            </EmptyState>
          </Card>
        }
      >
        {(configs) =>
          byApplication(configs).map(([application, own]) => (
            <Card key={application}>
              <CardHeader
                title={application}
                description={own.length === 1 ? "1 configuration" : `${own.length} configurations`}
              />
              <ConfigTable label={`Configurations of ${application}`} configs={own} />
            </Card>
          ))
        }
      </PagedList>
      <CheckboxField
        label="Show archived configurations"
        checked={archived}
        onCheckedChange={(checked) => setArchived(checked === true)}
      />
      <EnvironmentsCard />
    </>
  );
}

/** They come sorted by application. */
function byApplication(configs: readonly Configuration[]): [string, Configuration[]][] {
  const groups = new Map<string, Configuration[]>();
  for (const config of configs) {
    groups.set(config.application.name, [...(groups.get(config.application.name) ?? []), config]);
  }
  return [...groups];
}
