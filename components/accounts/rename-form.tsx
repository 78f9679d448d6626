"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { updateProject } from "@/lib/contracts/accounts";
import { useUpdateProjectMutation } from "@/store/accounts-api";
import { FormError } from "./form-alert";
import { useRefusal } from "./use-refusal";

const BLOCKED = "Only owners and admins rename the project.";

/** The name of the project. */
export function RenameForm() {
  const router = useRouter();
  const { project, can } = useProject();
  const [rename] = useUpdateProjectMutation();
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(updateProject.body),
    values: { name: project.name },
    // Somebody else may rename it meanwhile; what is being typed must survive that.
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty, isSubmitting } = formState;
  const blocked = can("project:manage") ? undefined : BLOCKED;

  const { refusal, clear, refuse } = useRefusal(["name"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await rename({ projectId: project.id, body });
    if (data) {
      reset({ name: data.name });
      toast.success(`The project is now called ${data.name}`);
      // Its name stands in the frame of the console, which comes with the page.
      router.refresh();
      return;
    }
    refuse(error);
  });
  return (
    <Card>
      <CardHeader title="Name" />
      <form onSubmit={submit} noValidate>
        <CardBody className="flex flex-col gap-4">
          {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
          <Field label="Project name" error={errors.name?.message} required className="max-w-md">
            <Input {...register("name")} autoComplete="off" maxLength={100} readOnly={blocked !== undefined} />
          </Field>
        </CardBody>
        <CardFooter>
          <p role="status">{blocked ?? (isDirty ? "Unsaved changes" : "Shown to its members and in invitations.")}</p>
          <div className="flex items-center gap-2">
            {isDirty ? <Button onClick={() => reset({ name: project.name })}>Discard</Button> : null}
            <GuardedButton
              type="submit"
              variant="primary"
              blocked={blocked}
              loading={isSubmitting}
              disabled={blocked === undefined && !isDirty && !isSubmitting}
            >
              Save name
            </GuardedButton>
          </div>
        </CardFooter>
      </form>
    </Card>
  );
}
