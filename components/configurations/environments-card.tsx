"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { Lock, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { GuardedButton, GuardedSwitch } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { createEnvironmentBody, type Environment } from "@/lib/contracts/deployments";
import {
  useCreateEnvironmentMutation,
  useDeleteEnvironmentMutation,
  useListEnvironmentsQuery,
  useUpdateEnvironmentMutation,
} from "@/store/configs-api";

/** Where configurations are deployed to. */
export function EnvironmentsCard() {
  const { project, can } = useProject();
  const { currentData, error, isFetching, refetch } = useListEnvironmentsQuery({ projectId: project.id });
  const blocked = can("configs:write") ? undefined : "Your role can look at environments but not change them.";
  return (
    <Card>
      <CardHeader
        title="Environments"
        description="Where configurations are deployed to. Only owners and admins deploy to a protected one."
        actions={<NewEnvironment blocked={blocked} />}
      />
      {currentData ? (
        currentData.length === 0 ? (
          <EmptyState title="No environments yet" className="py-8">
            The first configuration brings development, staging and production.
          </EmptyState>
        ) : (
          <Table label="Environments">
            <THead>
              <TR>
                <TH>Environment</TH>
                <TH>Protected</TH>
                <ActionsTH />
              </TR>
            </THead>
            <TBody>
              {currentData.map((environment) => (
                <EnvironmentRow key={environment.id} environment={environment} blocked={blocked} />
              ))}
            </TBody>
          </Table>
        )
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the environments" />
      )}
    </Card>
  );
}

function EnvironmentRow({ environment, blocked }: { environment: Environment; blocked: string | undefined }) {
  const { project, can } = useProject();
  const [update, { isLoading }] = useUpdateEnvironmentMutation();
  const [remove] = useDeleteEnvironmentMutation();
  const arg = { projectId: project.id, environmentId: environment.id };
  const mayManage = can("project:manage");
  const protect = async (wanted: boolean) => {
    const { error } = await update({ ...arg, body: { protected: wanted } });
    if (error) toast.error(errorWords(error));
    else toast.success(`${environment.name} is ${wanted ? "protected" : "open to all members"}`);
  };
  return (
    <TR>
      <TD stackAs="title" mono>
        {environment.name}
        {environment.protected ? <Lock aria-label="protected" className="ml-1.5 inline size-3 text-ink-muted" /> : null}
      </TD>
      <TD label="Protected">
        <GuardedSwitch
          blocked={blocked ?? (mayManage ? undefined : "Only owners and admins change this.")}
          checked={environment.protected}
          disabled={isLoading}
          onCheckedChange={(wanted) => void protect(wanted)}
          aria-label={`Protect ${environment.name}`}
        />
      </TD>
      <TD stackAs="full" align="end">
        <ConfirmDialog
          trigger={
            <GuardedButton
              size="icon-sm"
              variant="ghost"
              aria-label={`Delete ${environment.name}`}
              blocked={
                blocked ?? (environment.protected && !mayManage ? "Only owners and admins delete this one." : undefined)
              }
            >
              <Trash2 aria-hidden="true" />
            </GuardedButton>
          }
          title={`Delete ${environment.name}?`}
          description="Only an environment that nothing was ever deployed to can be deleted."
          confirmLabel="Delete environment"
          onConfirm={async () => {
            await remove(arg).unwrap();
            toast.success(`${environment.name} was deleted`);
          }}
          describeError={errorWords}
        />
      </TD>
    </TR>
  );
}

function NewEnvironment({ blocked }: { blocked: string | undefined }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={
        <GuardedButton size="sm" blocked={blocked}>
          <Plus aria-hidden="true" />
          Add environment
        </GuardedButton>
      }
      open={open}
      onOpenChange={setOpen}
      size="sm"
      title="Add environment"
      description="Bookings name it, so its name stays."
    >
      <NewEnvironmentForm onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function NewEnvironmentForm({ onDone }: { onDone: () => void }) {
  const { project } = useProject();
  const [create] = useCreateEnvironmentMutation();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(createEnvironmentBody),
    defaultValues: { name: "" },
    mode: "onTouched",
  });
  const { refusal, clear, refuse } = useRefusal(["name"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await create({ projectId: project.id, body });
    if (!data) return refuse(error);
    toast.success(`${data.name} was added`);
    onDone();
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="Name" error={formState.errors.name?.message} required>
          <Input {...register("name")} autoComplete="off" autoCapitalize="none" spellCheck={false} mono />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={formState.isSubmitting}>
          Add environment
        </Button>
      </DialogFooter>
    </form>
  );
}
