"use client";
import { useEffect, useState } from "react";
import { Disclosure } from "@/components/ui/disclosure";
import { RequestWebhookFields, type RequestWebhookFieldsProps } from "./request-webhook-fields";

/** The same, folded away until it is wanted, or something about it is wrong. */
export function FoldedRequestWebhook(props: RequestWebhookFieldsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isWrong = Object.keys(props.errors).length > 0;
  useEffect(() => {
    if (isWrong) setIsOpen(true);
  }, [isWrong]);
  return (
    <Disclosure open={isOpen} onOpenChange={setIsOpen} title="More" description="A webhook that is told what follows.">
      <div className="grid gap-4 sm:grid-cols-2">
        <RequestWebhookFields {...props} />
      </div>
    </Disclosure>
  );
}
