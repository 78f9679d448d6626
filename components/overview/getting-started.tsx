"use client";

import { CircleCheck, CircleDashed } from "lucide-react";
import Link from "next/link";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { useListApiKeysQuery } from "@/store/api-keys-api";
import { useGetOverviewQuery } from "@/store/deliveries-api";
import { useListWebhooksQuery } from "@/store/webhooks-api";

type Step = { title: string; detail: string; done: boolean; href: string; action: string };

/** The way to the first delivery, shown until there is a webhook and a key, or nothing if that cannot be told. */
export function GettingStarted() {
  const { project, can } = useProject();
  const arg = { projectId: project.id };
  const webhooks = useListWebhooksQuery(arg).currentData;
  const keys = useListApiKeysQuery(arg, { skip: !can("keys:manage") }).currentData;
  const events = useGetOverviewQuery(arg).currentData?.events ?? 0;
  if (webhooks === undefined || !can("webhooks:write")) return null;
  if (webhooks.length > 0 && (!can("keys:manage") || keys === undefined || keys.length > 0)) return null;

  const steps: Step[] = [
    {
      title: "Create a webhook",
      detail: "Say where events go. The built-in test receiver is offered as the address, so you need nothing else.",
      done: webhooks.length > 0,
      href: "/app/settings/webhooks",
      action: "Webhooks",
    },
    ...(can("keys:manage")
      ? [
          {
            title: "Create an API key",
            detail: "Your programs use it to emit events. It is shown once.",
            done: (keys ?? []).length > 0,
            href: "/app/settings/api-keys",
            action: "API keys",
          },
        ]
      : []),
    {
      title: "Emit an event",
      detail: "Send one with the curl line on the API keys page and watch its delivery arrive in the log.",
      done: events > 0,
      href: "/app/events",
      action: "Events",
    },
  ];
  const next = steps.findIndex(({ done }) => !done);

  return (
    <Card>
      <CardHeader title="Getting started" description="Three steps to your first delivery" />
      <ol className="divide-y divide-line">
        {steps.map((step, index) => (
          <li key={step.title} className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-3.5">
            <StepMark done={step.done} />
            <div className="min-w-0 flex-1 basis-56">
              <p className={cn("font-medium text-sm", step.done ? "text-ink-muted" : "text-ink")}>
                {index + 1}. {step.title}
                <span className="sr-only">{step.done ? " (done)" : " (to do)"}</span>
              </p>
              <p className="max-w-prose text-pretty text-ink-muted text-sm">{step.detail}</p>
            </div>
            {step.done ? null : (
              <Button asChild variant={index === next ? "primary" : "secondary"} className="max-sm:ml-8">
                <Link href={step.href}>{step.action}</Link>
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function StepMark({ done }: { done: boolean }) {
  const Icon = done ? CircleCheck : CircleDashed;
  return (
    <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", done ? "text-positive" : "text-ink-faint")} />
  );
}
