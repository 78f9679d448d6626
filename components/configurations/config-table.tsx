"use client";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Configuration } from "@/lib/contracts/configurations";
import { InForceList } from "./in-force-list";
import { configHref } from "./links";

export function ConfigTable({ label, configs }: { label: string; configs: readonly Configuration[] }) {
  return (
    <Table label={label} density="relaxed">
      <THead>
        <TR>
          <TH className="w-1/4">Configuration</TH>
          <TH>In force</TH>
          <TH>Variants</TH>
          <TH align="end">Created</TH>
        </TR>
      </THead>
      <TBody>
        {configs.map((config) => (
          <TR key={config.id} interactive>
            <TD stackAs="title">
              <div className="min-w-0">
                <RowLink href={configHref(config.id)} prefetch={false} className="font-medium">
                  {config.name}
                </RowLink>
                {config.archived_at === null ? null : <Badge className="ml-2">archived</Badge>}
                {config.description === "" ? null : (
                  <span className="block max-w-96 truncate font-normal text-ink-muted text-xs">
                    {config.description}
                  </span>
                )}
              </div>
            </TD>
            <TD stackAs="full" className="md:whitespace-normal">
              <InForceList inForce={config.in_force} />
            </TD>
            <TD label="Variants" className="text-ink-muted">
              {config.variants.map(({ name }) => name).join(", ")}
            </TD>
            <TD stackAs="corner" align="end" className="text-ink-muted">
              <RowActions>
                <RelativeTime value={config.created_at} />
              </RowActions>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
