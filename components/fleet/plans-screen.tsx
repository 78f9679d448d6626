"use client";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/relative-time";
import { Segmented } from "@/components/ui/segmented";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { useDebounced } from "@/components/ui/use-debounced";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { AdminProject, Plan } from "@/lib/contracts/admin-projects";
import { useChangePlanMutation, useListAdminProjectsInfiniteQuery } from "@/store/fleet-api";
import { FleetHeader } from "./fleet-tabs";

const SEARCH_WAIT_MS = 250;

/** Which projects may reserve GPUs. */
export function PlansScreen() {
  const [text, setText] = useState("");
  const [plan, setPlan] = useState<Plan | "all">("all");
  const q = useDebounced(text.trim(), SEARCH_WAIT_MS);
  const query = useListAdminProjectsInfiniteQuery({ ...(q !== "" && { q }), ...(plan !== "all" && { plan }) });
  const filtered = q !== "" || plan !== "all";
  return (
    <>
      <FleetHeader />
      <Card>
        <CardHeader
          title="Project plans"
          description="Premium projects reserve GPUs. On the free plan nothing new can be booked; what is booked stays."
        />
        <CardBody className="flex flex-wrap items-center gap-3 border-line border-b">
          <Field label="Search projects" hideLabel className="w-72 max-w-full">
            <Input
              prefix={<Search aria-hidden="true" />}
              placeholder="Name or id"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          <Segmented
            label="Plan"
            value={plan}
            options={[
              { value: "all", label: "All" },
              { value: "premium", label: "Premium" },
              { value: "free", label: "Free" },
            ]}
            onValueChange={setPlan}
          />
        </CardBody>
        <PagedList
          query={query}
          noun={["project", "projects"]}
          loading="Loading the projects"
          loadingRows={5}
          keepFormer
          empty={
            <EmptyState
              title={filtered ? "No project matches" : "No projects yet"}
              actions={
                filtered ? (
                  <Button
                    onClick={() => {
                      setText("");
                      setPlan("all");
                    }}
                  >
                    Show all projects
                  </Button>
                ) : undefined
              }
            />
          }
        >
          {(rows) => <PlanTable rows={rows} />}
        </PagedList>
      </Card>
    </>
  );
}

function PlanTable({ rows }: { rows: readonly AdminProject[] }) {
  return (
    <Table label="Projects, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Project</TH>
          <TH>Plan</TH>
          <TH align="end">Members</TH>
          <TH align="end">Open reservations</TH>
          <TH>Made</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map((row) => (
          <TR key={row.id}>
            <TD stackAs="title" className="md:max-w-80">
              <span className="block truncate font-medium max-md:whitespace-normal">{row.name}</span>
              <span className="block break-all font-mono font-normal text-2xs text-ink-muted">{row.id}</span>
            </TD>
            <TD label="Plan">
              <Badge tone={row.plan === "premium" ? "accent" : "neutral"}>
                {row.plan === "premium" ? "Premium" : "Free"}
              </Badge>
            </TD>
            <TD label="Members" align="end" className="tabular-nums">
              {row.member_count}
            </TD>
            <TD label="Open reservations" align="end" className="tabular-nums">
              {row.open_reservations}
            </TD>
            <TD label="Made">
              <RelativeTime value={row.created_at} />
            </TD>
            <TD stackAs="full" align="end">
              <ChangePlan project={row} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function ChangePlan({ project }: { project: AdminProject }) {
  const router = useRouter();
  const { project: shown } = useProject();
  const [change] = useChangePlanMutation();
  const plan: Plan = project.plan === "premium" ? "free" : "premium";
  const words = plan === "premium" ? "Premium" : "Free";
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Change ${project.name} to ${words}`}>
          Change to {words}
        </Button>
      }
      title={plan === "premium" ? `Put ${project.name} on the premium plan?` : `Put ${project.name} on the free plan?`}
      description={
        plan === "premium"
          ? "Its members can then reserve GPUs, and it is granted the credits of the plan on the first of each month."
          : "Its members can then book nothing new. What they have booked stays, and they can still cancel it."
      }
      confirmLabel={`Change to ${words}`}
      tone={plan === "premium" ? "primary" : "danger"}
      onConfirm={async () => {
        await change({ projectId: project.id, plan }).unwrap();
        toast.success(`${project.name} is on the ${plan} plan`);
        // The shell knows the project from the page.
        if (project.id === shown.id) router.refresh();
      }}
      describeError={errorWords}
    />
  );
}
