"use client";
import { PackagePlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CodeArea } from "@/components/ui/code-area";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { fieldErrors } from "@/store/api-error";
import { usePublishArtifactMutation } from "@/store/workflows-api";
import { workflowHref } from "./links";
import { RequestWebhookFields } from "./request-webhook-fields";
import { useRequestWebhook } from "./use-request-webhook";
import { listOf, payloadProblem } from "./words";

/** Opens the form; nothing for those who may not publish. */
export function PublishButton() {
  const { can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("artifacts:write")) return null;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button variant="primary">
          <PackagePlus aria-hidden="true" />
          Publish artifact
        </Button>
      }
      size="lg"
      fillsPhone
      title="Publish an artifact"
      description="It begins a workflow: processors that want its type make more of it. This form waits until they have."
    >
      <PublishForm onCancel={() => setIsOpen(false)} />
    </Dialog>
  );
}

const EXAMPLE = JSON.stringify(
  {
    snapshot_id: "snp_example",
    instance_id: "ins_example",
    size_bytes: 1024,
    checksums: { "disk.img": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" },
  },
  null,
  2,
);

/** Mounted anew each time the dialog opens. It begins with an example that a built-in processor works on. */
function PublishForm({ onCancel }: { onCancel: () => void }) {
  const { project, user } = useProject();
  const router = useRouter();
  const [publish, { isLoading, error }] = usePublishArtifactMutation();
  const [type, setType] = useState("snapshot.completed");
  const [payload, setPayload] = useState(EXAMPLE);
  const [tags, setTags] = useState("");
  const webhook = useRequestWebhook(error);
  const [isTried, setIsTried] = useState(false);
  const wrong = payloadProblem(payload);
  const refusedAt = (field: string) => fieldErrors(error).find((problem) => problem.field === field)?.message;
  const typeProblem = type.trim() === "" ? "Enter a type" : refusedAt("type");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    const mayGo = webhook.check();
    if (wrong !== null || type.trim() === "" || !mayGo || isLoading) return;
    const { data } = await publish({
      projectId: project.id,
      body: {
        type: type.trim(),
        payload: JSON.parse(payload),
        tags: listOf(tags),
        produced_by: user.name,
        ...webhook.body,
      },
    });
    if (!data) return;
    const count = data.produced.length;
    toast.success("Published", {
      description: count === 0 ? "No processor made anything of it." : `It led to ${count} more.`,
    });
    router.push(workflowHref(data.artifact.correlation_id));
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        <Field
          label="Type"
          hint="Lower-case words separated by dots. Processors choose by it."
          required
          error={isTried ? typeProblem : refusedAt("type")}
        >
          <Input value={type} maxLength={100} autoComplete="off" spellCheck={false} onChange={onText(setType)} />
        </Field>
        <Field
          label="Payload"
          hint="A JSON object."
          required
          error={isTried ? (wrong ?? refusedAt("payload")) : undefined}
        >
          <CodeArea value={payload} minRows={8} onChange={(event) => setPayload(event.target.value)} />
        </Field>
        <Field label="Tags" hint="Separated by commas." optional error={refusedAt("tags")}>
          <Input value={tags} autoComplete="off" onChange={onText(setTags)} />
        </Field>
        <RequestWebhookFields
          {...webhook.fields}
          hint="Gets every event of this workflow, in order, also hours later."
        />
        {error === undefined || fieldErrors(error).length > 0 ? null : <FormError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isLoading}>
          Publish
        </Button>
      </DialogFooter>
    </form>
  );
}

function onText(set: (text: string) => void) {
  return (event: { target: { value: string } }) => set(event.target.value);
}
