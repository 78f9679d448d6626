"use client";
import { CircleCheck, TriangleAlert, Webhook } from "lucide-react";
import Link from "next/link";
import { WEBHOOKS } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { GuardedButton, ReadOnlyNote } from "@/components/webhooks/guarded";
import type { Receiver } from "@/lib/contracts/receiver";
import { AnswerForm } from "./answer-form";
import { describeAnswer, succeeds } from "./describe";
import { FailureForm } from "./failure-form";
import { useChangeReceiver } from "./use-change-receiver";

type ReceiverSettingsProps = {
  projectId: string;
  receiver: Receiver;
  /** Why the answers cannot be changed, or a webhook not created; undefined when they can. */
  blocked: string | undefined;
  webhookBlocked: string | undefined;
};

/** The receiver's address, what it answers at present, and the means to change that. */
export function ReceiverSettings({ projectId, receiver, blocked, webhookBlocked }: ReceiverSettingsProps) {
  const change = useChangeReceiver(projectId);
  const create = (
    <>
      <Webhook aria-hidden="true" />
      Create a webhook with this address
    </>
  );
  return (
    <Card>
      <CardHeader title="Address and answers" description={<InForce receiver={receiver} />} />
      <CardBody className="flex flex-col gap-5">
        <div className="flex flex-col gap-2 sm:flex-row sm:items-end">
          <Field label="Address" className="flex-1">
            <Input
              readOnly
              mono
              value={receiver.url}
              onFocus={(event) => event.currentTarget.select()}
              suffix={<CopyButton value={receiver.url} label="Copy address" className="mr-1" />}
            />
          </Field>
          {webhookBlocked === undefined ? (
            <Button asChild>
              <Link href={`${WEBHOOKS}/new?receiver=1`}>{create}</Link>
            </Button>
          ) : (
            <GuardedButton blocked={webhookBlocked}>{create}</GuardedButton>
          )}
        </div>
        {blocked === undefined ? null : <ReadOnlyNote>{blocked}</ReadOnlyNote>}
        <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
          <AnswerForm receiver={receiver} change={change} blocked={blocked} />
          <FailureForm receiver={receiver} change={change} blocked={blocked} />
        </div>
      </CardBody>
    </Card>
  );
}

/** Read out when it changes, as it does while failures are counted down. */
function InForce({ receiver }: { receiver: Receiver }) {
  const Icon = succeeds(receiver) ? CircleCheck : TriangleAlert;
  return (
    <span role="status" className="mt-0.5 inline-flex items-start gap-1.5 text-sm">
      <Icon
        aria-hidden="true"
        className={succeeds(receiver) ? "mt-0.5 size-4 shrink-0 text-positive" : "mt-0.5 size-4 shrink-0 text-caution"}
      />
      <span>{describeAnswer(receiver)}</span>
    </span>
  );
}
