"use client";
import { webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { StatusBadge, type StatusTone } from "@/components/ui/status-badge";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { EventPatterns } from "@/components/webhooks/events-cell";
import { SecretName } from "@/components/webhooks/secret-name";
import { UrlText } from "@/components/webhooks/url-text";
import type { AdminWebhook } from "@/lib/contracts/admin";

const STATES: Readonly<Record<AdminWebhook["status"], { tone: StatusTone; word: string }>> = {
  healthy: { tone: "positive", word: "Healthy" },
  warning: { tone: "caution", word: "Failing" },
  probing: { tone: "caution", word: "Probing" },
  disabled: { tone: "off", word: "Disabled" },
};

const REASONS = {
  manual: "by the file",
  gone: "it answered 410",
  failing: "it failed for too long",
} as const;

/** The entries of the file as they are in force. */
export function FileWebhooks({ webhooks }: { webhooks: readonly AdminWebhook[] }) {
  const { project } = useProject();
  return (
    <Table label="Webhooks from the configuration file" density="relaxed">
      <THead>
        <TR>
          <TH>Entry</TH>
          <TH>Project</TH>
          <TH>Events</TH>
          <TH>Secret</TH>
          <TH>State</TH>
        </TR>
      </THead>
      <TBody>
        {webhooks.map((webhook) => {
          // The pages of a webhook are its project's.
          const here = webhook.project.id === project.id;
          const key = webhook.file?.key ?? webhook.id;
          return (
            <TR key={webhook.id} interactive={here}>
              <TD stackAs="title" className="py-2 md:max-w-80">
                <span className="flex min-w-0 flex-col gap-0.5">
                  {here ? (
                    <RowLink href={webhookHref(webhook.id)} className="truncate font-medium">
                      {key}
                    </RowLink>
                  ) : (
                    <span className="truncate font-medium">{key}</span>
                  )}
                  <UrlText url={webhook.url} className="font-normal text-ink-muted" />
                </span>
              </TD>
              <TD label="Project">{webhook.project.name}</TD>
              <TD label="Events">
                <EventPatterns patterns={webhook.event_types} limit={1} />
              </TD>
              <TD label="Secret" className="max-md:[&>span]:justify-end">
                {webhook.file ? <SecretName file={webhook.file} /> : null}
              </TD>
              <TD label="State">
                <State webhook={webhook} />
              </TD>
            </TR>
          );
        })}
      </TBody>
    </Table>
  );
}

function State({ webhook: { status, condition } }: { webhook: AdminWebhook }) {
  const { tone, word } = STATES[status];
  const reason = condition.disabled_reason;
  return (
    <span className="md:block">
      <StatusBadge tone={tone}>{word}</StatusBadge>
      {status === "disabled" && reason !== null ? (
        <span className="text-ink-muted text-xs md:block"> {REASONS[reason]}</span>
      ) : null}
    </span>
  );
}
