"use client";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Deployment, Environment } from "@/lib/contracts/deployments";
import { useConfig } from "./config-context";
import { RollBackDialog } from "./rollback-dialog";
import { versionWords } from "./words";

type DeploymentTableProps = { deployments: readonly Deployment[]; environments: readonly Environment[] };

export function DeploymentTable({ deployments, environments }: DeploymentTableProps) {
  const { blocked } = useConfig();
  const { can } = useProject();
  const closed = new Set(environments.flatMap(({ name, protected: isProtected }) => (isProtected ? [name] : [])));
  const blockOf = ({ environment }: Deployment) =>
    closed.has(environment) && !can("project:manage")
      ? "This environment is protected: owners and admins deploy to it."
      : undefined;
  return (
    <Table label="Deployments, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Deployment</TH>
          <TH>Version</TH>
          <TH className="w-1/3">Message</TH>
          <TH>By</TH>
          <TH>When</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {deployments.map((deployment) => (
          <TR key={deployment.id}>
            <TD stackAs="title">
              <span className="font-mono text-xs">{deployment.environment}</span> {deployment.number}
              {deployment.current ? (
                <Badge tone="positive" className="ml-2">
                  in force
                </Badge>
              ) : null}
            </TD>
            <TD label="Version" mono>
              {versionWords(deployment.version)}
            </TD>
            <TD label="Message" className="md:whitespace-normal">
              {deployment.rollback_of === null ? null : (
                <Badge tone="caution" className="mr-2">
                  rollback to {deployment.rollback_of.number}
                </Badge>
              )}
              {deployment.message === "" && deployment.rollback_of === null ? (
                <span className="text-ink-muted">No message</span>
              ) : (
                deployment.message
              )}
            </TD>
            <TD label="By" className="text-ink-muted">
              {deployment.created_by.name}
            </TD>
            <TD label="When" className="text-ink-muted">
              <RelativeTime value={deployment.created_at} />
            </TD>
            <TD stackAs="full" align="end">
              {deployment.current ? null : (
                <RollBackDialog deployment={deployment} blocked={blocked ?? blockOf(deployment)} />
              )}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
