"use client";
import Link from "next/link";
import { configHref } from "@/components/configurations/links";
import { versionWords } from "@/components/configurations/words";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import { textLinkClass } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import type { InstanceDetail } from "@/lib/contracts/instances";
import { useListConfigurationNamesQuery, useListRecentVersionsQuery } from "@/store/configs-api";

/** What it boots: image, environment, start script, ports, and the version that it comes from. */
export function InstanceBoots({ instance }: { instance: InstanceDetail }) {
  const { template, config, environment } = instance;
  const variables = Object.entries(template.env);
  return (
    <Card>
      <CardHeader
        title="What it boots"
        description={
          config === null
            ? "No configuration was named, so a plain machine boots."
            : "As it was deployed when this instance was made; what is deployed later boots with the next one."
        }
      />
      <CardBody className="flex flex-col gap-4">
        <FactList>
          <Fact label="Configuration">
            {config === null ? "None" : <ConfigLink name={config} versionId={instance.config_version_id} />}
          </Fact>
          <Fact label="Environment" mono={environment !== null}>
            {environment ?? "None"}
          </Fact>
          <Fact label="Disk">{template.disk_gb} GB</Fact>
          <Fact label="Image" mono wide>
            {template.image}
          </Fact>
          <Fact label="Ports reached from outside" mono={template.ports.length > 0}>
            {template.ports.length === 0 ? "None" : template.ports.join(", ")}
          </Fact>
          <Fact label="Made for">{template.gpu_type ?? "Any GPU type"}</Fact>
        </FactList>
        {variables.length === 0 ? (
          <p className="text-ink-muted text-sm">No environment variables.</p>
        ) : (
          <CodeBlock
            label="Environment variables"
            code={variables.map(([name, value]) => `${name}=${value}`).join("\n")}
            copyLabel="Copy the variables"
            wrap
            maxHeight="16rem"
          />
        )}
        {template.start_script === "" ? (
          <p className="text-ink-muted text-sm">No start script.</p>
        ) : (
          <CodeBlock
            label="Start script"
            code={template.start_script}
            copyLabel="Copy the start script"
            maxHeight="20rem"
          />
        )}
      </CardBody>
    </Card>
  );
}

function ConfigLink({ name, versionId }: { name: string; versionId: string | null }) {
  const { project, can } = useProject();
  const skip = !can("configs:read");
  const { currentData: configs } = useListConfigurationNamesQuery({ projectId: project.id }, { skip });
  const config = configs?.find((one) => one.name === name);
  if (config === undefined) return <span className="font-mono text-xs/5">{name}</span>;
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <Link href={configHref(config.id)} className={`${textLinkClass} font-mono text-xs/5`}>
        {name}
      </Link>
      {versionId === null ? null : <VersionName configId={config.id} versionId={versionId} />}
    </span>
  );
}

function VersionName({ configId, versionId }: { configId: string; versionId: string }) {
  const { project } = useProject();
  const { currentData: versions } = useListRecentVersionsQuery({ projectId: project.id, configId });
  const version = versions?.find(({ id }) => id === versionId);
  if (version === undefined) return null;
  return <span className="text-ink-muted">{versionWords(version)}</span>;
}
