"use client";
import { useState } from "react";
import { gpusWords } from "@/components/reservations/words";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { NodeHealth } from "@/lib/contracts/failovers";
import { useSetNodeHealthMutation } from "@/store/failovers-api";

/** Marks a node as failed, with what is wrong, or as healthy again. */
export function HealthDialog({ node }: { node: NodeHealth }) {
  return node.failed > 0 ? <Heal node={node} /> : <Fail node={node} />;
}

function Heal({ node }: { node: NodeHealth }) {
  const [setHealth] = useSetNodeHealthMutation();
  const confirm = async () => {
    await setHealth({ nodeId: node.id, body: { health: "healthy" } }).unwrap();
    toast.success(`${node.name} is healthy`, { description: "Its GPUs can be booked again." });
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Mark ${node.name} as healthy`}>
          Mark as healthy
        </Button>
      }
      title={`Is ${node.name} healthy again?`}
      description={`${gpusWords(node.failed)} of it can be booked again at once. What was moved away stays where it is.`}
      confirmLabel="Mark as healthy"
      tone="primary"
      onConfirm={confirm}
      describeError={errorWords}
    />
  );
}

function Fail({ node }: { node: NodeHealth }) {
  const [setHealth] = useSetNodeHealthMutation();
  const [cause, setCause] = useState("");
  const confirm = async () => {
    await setHealth({ nodeId: node.id, body: { health: "failed", cause } }).unwrap();
    toast.success(`${node.name} is marked as failed`, { description: "Bookings on it go elsewhere." });
    setCause("");
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Mark ${node.name} as failed`}>
          Mark as failed
        </Button>
      }
      title={`Mark ${node.name} as failed?`}
      description={
        node.booked === 0
          ? "Its GPUs are sold to nobody until it is marked as healthy. Bookings that begin soon move away."
          : `What runs on it ends now and boots elsewhere: ${gpusWords(node.booked)} of bookings that have begun. The time without them is credited. Where there is no room, they end with a refund.`
      }
      confirmLabel="Mark as failed"
      onConfirm={confirm}
      describeError={errorWords}
    >
      <Field label="What is wrong" hint="Owners of the bookings read it." required>
        <Input value={cause} onChange={(event) => setCause(event.target.value)} maxLength={500} autoComplete="off" />
      </Field>
    </ConfirmDialog>
  );
}
