"use client";
import { type FormEvent, type ReactNode, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { FoldedRequestWebhook } from "@/components/workflows/folded-request-webhook";
import { useRequestWebhook } from "@/components/workflows/use-request-webhook";
import { CONFIG_LIMITS, type ConfigVersionRef } from "@/lib/contracts/configurations";
import type { DeploymentPreview } from "@/lib/contracts/deployments";
import {
  useDeployMutation,
  useListEnvironmentsQuery,
  useListRecentVersionsQuery,
  usePreviewDeployQuery,
} from "@/store/configs-api";
import { useConfig } from "./config-context";
import { DiffView } from "./diff-view";
import { FieldChanges } from "./field-changes";
import { VersionSelect } from "./version-select";
import { diffWords, versionWords } from "./words";

type DeployDialogProps = {
  /** Chosen already; absent: still to be chosen. */
  version?: ConfigVersionRef | undefined;
  environment?: string | undefined;
  trigger: ReactNode;
};

/** Puts a version into force, with what that changes of what is in force. */
export function DeployDialog({ trigger, ...chosen }: DeployDialogProps) {
  const { config } = useConfig();
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      size="xl"
      fillsPhone
      title={`Deploy ${config.name}`}
      description="Bookings that name this configuration and environment boot it from then on. What runs already is not touched."
    >
      <DeployForm {...chosen} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function DeployForm({ onDone, ...chosen }: Omit<DeployDialogProps, "trigger"> & { onDone: () => void }) {
  const { arg } = useConfig();
  const { project, can } = useProject();
  const { data: environments = [] } = useListEnvironmentsQuery({ projectId: project.id });
  const { data: versions = [] } = useListRecentVersionsQuery(arg);
  const [environment, setEnvironment] = useState(chosen.environment ?? "");
  const [versionId, setVersionId] = useState(chosen.version?.id ?? "");
  const [message, setMessage] = useState("");
  const [deploy, { error, isLoading }] = useDeployMutation();
  const webhook = useRequestWebhook(error);
  const version = versions.find(({ id }) => id === versionId) ?? chosen.version;
  const wanted =
    environment === "" || version === undefined
      ? null
      : { environment, variant: version.variant, version: version.version };
  const preview = usePreviewDeployQuery(
    { ...arg, body: wanted ?? { environment: "-", variant: "-", version: 1 } },
    { skip: wanted === null },
  );
  const plan = wanted === null ? undefined : preview.currentData;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === null || plan === undefined || !webhook.check()) return;
    const { data } = await deploy({
      ...arg,
      body: { ...wanted, message, base_number: plan.number - 1, ...webhook.body },
    });
    if (!data) return;
    toast.success(`${versionWords(data.version)} is in force in ${data.environment}`);
    onDone();
  };
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody>
        {error === undefined || webhook.isRefused ? null : <FormError key={JSON.stringify(error)} error={error} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Environment" required>
            <Select
              value={environment}
              onValueChange={setEnvironment}
              placeholder="Choose an environment"
              options={environments.map(({ name, protected: closed }) => ({
                value: name,
                label: name,
                ...(closed && { description: "Protected: owners and admins only" }),
                disabled: closed && !can("project:manage"),
              }))}
            />
          </Field>
          <Field label="Version" required>
            <VersionSelect versions={versions} value={versionId} onValueChange={setVersionId} presentOnly />
          </Field>
        </div>
        <Field label="Message" hint="Why now; whoever reads the history sees it." optional>
          <Input
            value={message}
            onChange={(event) => setMessage(event.target.value)}
            autoComplete="off"
            maxLength={CONFIG_LIMITS.messageLength}
          />
        </Field>
        <FoldedRequestWebhook {...webhook.fields} hint="Is told of this deployment; beside the project's webhooks." />
        {wanted === null ? null : plan ? (
          <DeploymentPlan plan={plan} />
        ) : preview.error ? (
          <LoadError error={preview.error} onRetry={() => void preview.refetch()} retrying={preview.isFetching} />
        ) : (
          <SkeletonRows rows={4} label="Comparing with what is in force" />
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading} disabled={plan === undefined}>
          {plan ? `Deploy ${versionWords(plan.version)} to ${plan.environment.name}` : "Deploy"}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** What a deployment would change of what is in force. */
export function DeploymentPlan({ plan }: { plan: DeploymentPreview }) {
  const { current, version, environment } = plan;
  if (current?.version.id === version.id) {
    return (
      <Alert tone="info">
        {versionWords(version)} is in force in {environment.name} already. Deploying it again changes nothing but the
        history.
      </Alert>
    );
  }
  const words = { from: current ? versionWords(current.version) : "nothing", to: versionWords(version) };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p role="status" className="text-sm">
        {current
          ? `In force in ${environment.name} now: ${words.from}, deployment ${current.number}. `
          : `Nothing is in force in ${environment.name} yet. `}
        {current ? diffWords(plan) : ""}
      </p>
      {current ? <FieldChanges changes={plan.changes} {...words} /> : null}
      <DiffView lines={plan.lines} {...words} maxHeight="20rem" />
    </div>
  );
}
