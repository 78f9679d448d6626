"use client";
import type { ReactNode } from "react";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { PageHeader } from "@/components/ui/page-header";
import { Timestamp } from "@/components/ui/timestamp";
import type { Project } from "@/lib/contracts/accounts";
import { ROLE_DESCRIPTIONS } from "@/lib/contracts/permissions";
import { RenameForm } from "./rename-form";

const PLANS: Readonly<Record<Project["plan"], string>> = {
  free: "Webhooks, events and deliveries without restriction. Reservations need the premium plan.",
  premium: "Everything, reservations included.",
};

/** What the project is called, how programs name it, and what one may do in it. */
export function ProjectScreen() {
  const { project } = useProject();
  return (
    <>
      <PageHeader title="Project" description="Its name, its id and its plan." />
      <RenameForm key={project.id} />
      <Card>
        <CardHeader title="About this project" />
        <CardBody className="py-2">
          <KeyValueList>
            <KeyValue label="Project id">
              <IdText value={project.id} label="project id" full />
              <Note>
                Programs name the project by it in the API. With an API key,{" "}
                <code className="font-mono text-ink">default</code> works as well: the key belongs to one project.
              </Note>
            </KeyValue>
            <KeyValue label="Plan">
              <Badge tone={project.plan === "premium" ? "accent" : "neutral"}>{project.plan}</Badge>
              <Note>{PLANS[project.plan]}</Note>
            </KeyValue>
            {project.role === null ? null : (
              <KeyValue label="Your role">
                <Badge>{project.role}</Badge>
                <Note>{ROLE_DESCRIPTIONS[project.role]}</Note>
              </KeyValue>
            )}
            <KeyValue label="Created">
              <Timestamp value={project.created_at} date="always" />
            </KeyValue>
          </KeyValueList>
        </CardBody>
      </Card>
    </>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <span className="mt-1 block max-w-prose text-ink-muted text-xs">{children}</span>;
}
