"use client";
import { GitCommitHorizontal, GitCompare, Pencil, Rocket } from "lucide-react";
import Link from "next/link";
import { PagedList } from "@/components/shell/paged-list";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { ConfigVersion } from "@/lib/contracts/config-versions";
import type { ConfigVariant } from "@/lib/contracts/configurations";
import { useListConfigVersionsInfiniteQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { DeployDialog } from "./deploy-dialog";
import { compareHref, editorHref } from "./links";
import { useVariant } from "./use-variant";
import { VariantBar } from "./variant-bar";
import { VersionDialog } from "./version-dialog";
import { versionWords } from "./words";

/** The history of a variant. */
export function VersionsScreen() {
  const { variant, setVariant } = useVariant();
  return variant === undefined ? null : <History variant={variant} onVariant={setVariant} />;
}

function History({ variant, onVariant }: { variant: ConfigVariant; onVariant: (name: string) => void }) {
  const { config, arg, blocked } = useConfig();
  const query = useListConfigVersionsInfiniteQuery({ ...arg, variant: variant.id });
  const edit = (
    <Button asChild variant="primary">
      <Link href={editorHref(config.id, { variant: variant.name })}>
        <Pencil aria-hidden="true" />
        {variant.head === 0 ? "Write the first version" : blocked === undefined ? "Edit" : "View"}
      </Link>
    </Button>
  );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <VariantBar variant={variant} onVariant={onVariant} />
        {edit}
      </div>
      <Card>
        <PagedList
          query={query}
          noun={["version", "versions"]}
          loading="Loading versions"
          empty={
            <EmptyState icon={<GitCommitHorizontal />} title={`${variant.name} has no version yet`} actions={edit}>
              Write a launch template and commit it; every commit is kept as it was.
            </EmptyState>
          }
        >
          {(versions) => <VersionTable versions={versions} />}
        </PagedList>
      </Card>
    </>
  );
}

function VersionTable({ versions }: { versions: readonly ConfigVersion[] }) {
  const { config } = useConfig();
  return (
    <Table label="Versions, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Version</TH>
          <TH className="w-2/5">Message</TH>
          <TH>In force</TH>
          <TH>By</TH>
          <TH>When</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {versions.map((version) => (
          <TR key={version.id}>
            <TD stackAs="title">
              <VersionDialog
                version={version}
                trigger={
                  <Button variant="link" className="font-mono" aria-label={`Show ${versionWords(version)}`}>
                    {versionWords(version)}
                  </Button>
                }
              />
            </TD>
            <TD label="Message" className="md:whitespace-normal">
              {version.message === "" ? <span className="text-ink-muted">No message</span> : version.message}
            </TD>
            <TD label="In force">
              <span className="inline-flex flex-wrap gap-1">
                {config.in_force
                  .filter((place) => place.version.id === version.id)
                  .map(({ environment }) => (
                    <Badge key={environment} tone="positive">
                      {environment}
                    </Badge>
                  ))}
              </span>
            </TD>
            <TD label="By" className="text-ink-muted">
              {version.created_by.name}
            </TD>
            <TD label="When" className="text-ink-muted">
              <RelativeTime value={version.created_at} />
            </TD>
            <TD stackAs="full" align="end">
              <RowButtons version={version} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function RowButtons({ version }: { version: ConfigVersion }) {
  const { config, blocked } = useConfig();
  const words = versionWords(version);
  return (
    <span className="inline-flex gap-1">
      {version.parent === null ? null : (
        <Button asChild size="sm" variant="ghost">
          <Link
            href={compareHref(config.id, { from: version.parent.id, to: version.id })}
            aria-label={`Compare ${words} with ${versionWords(version.parent)}`}
          >
            <GitCompare aria-hidden="true" />
            Compare
          </Link>
        </Button>
      )}
      <DeployDialog
        version={version}
        trigger={
          <GuardedButton size="sm" variant="ghost" blocked={blocked} aria-label={`Deploy ${words}`}>
            <Rocket aria-hidden="true" />
            Deploy
          </GuardedButton>
        }
      />
    </span>
  );
}
