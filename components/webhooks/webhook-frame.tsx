"use client";
import { Ellipsis, FileLock, FlaskConical, KeyRound, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { WEBHOOKS, webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { DeleteWebhookDialog } from "@/components/webhooks/delete-webhook-dialog";
import { DisabledBanner } from "@/components/webhooks/disabled-banner";
import { useEnable } from "@/components/webhooks/enable-dialog";
import { changeBlock, GuardedButton, GuardedSwitch, ReadOnlyNote } from "@/components/webhooks/guarded";
import { HealthBanner } from "@/components/webhooks/health-banner";
import { MissedNote } from "@/components/webhooks/missed-note";
import { RegenerateSecret } from "@/components/webhooks/regenerate-secret";
import { TestPanel } from "@/components/webhooks/test-panel";
import { type TestSignature, useWebhookActions } from "@/components/webhooks/use-webhook-actions";
import { WebhookProvider } from "@/components/webhooks/webhook-context";
import { WebhookSkeleton, WebhookUnavailable } from "@/components/webhooks/webhook-frame-states";
import { WebhookStatus } from "@/components/webhooks/webhook-status";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook, WebhookHealth } from "@/lib/contracts/webhooks";
import { useGetWebhookQuery, useListWebhookHealthQuery } from "@/store/webhooks-api";

/** Everything that a webhook's pages share: its head, its actions, the banner, a running test, the tabs. */
export function WebhookFrame({ webhookId, children }: { webhookId: string; children: ReactNode }) {
  const { project } = useProject();
  const query = useGetWebhookQuery({ projectId: project.id, webhookId });
  const health = useListWebhookHealthQuery({ projectId: project.id });
  const webhook = query.currentData;
  if (webhook === undefined) {
    return query.error ? (
      <WebhookUnavailable error={query.error} onRetry={query.refetch} retrying={query.isFetching} />
    ) : (
      <WebhookSkeleton />
    );
  }
  const own = health.currentData?.find((entry) => entry.webhook_id === webhookId);
  return (
    <WebhookProvider webhook={webhook} health={own} healthFailed={health.isError && own === undefined}>
      <Frame webhook={webhook} health={own}>
        {children}
      </Frame>
    </WebhookProvider>
  );
}

type FrameProps = { webhook: Webhook; health: WebhookHealth | undefined; children: ReactNode };

function Frame({ webhook, health, children }: FrameProps) {
  const { can } = useProject();
  const router = useRouter();
  const { setEnabled } = useWebhookActions();
  const test = useTest(webhook.id);
  const enable = useEnable(webhook, health);
  const [dialog, setDialog] = useState<"delete" | "secret" | null>(null);
  const base = webhookHref(webhook.id);
  const changeBlocked = changeBlock(can, webhook);
  const testBlocked = changeBlock(can);
  return (
    <>
      <PageHeader
        title={nameOf(webhook)}
        badge={<Badges webhook={webhook} />}
        description={
          <span className="inline-flex max-w-full items-center gap-1">
            <span className="min-w-0 break-all font-mono text-xs">{webhook.url}</span>
            <CopyButton value={webhook.url} label="Copy URL" />
          </span>
        }
        breadcrumbs={[{ label: "Webhooks", href: WEBHOOKS }]}
        actions={
          <>
            <span className="mr-1 inline-flex items-center gap-2 text-ink-muted text-sm">
              <span aria-hidden="true">Enabled</span>
              <GuardedSwitch
                blocked={changeBlocked}
                checked={webhook.enabled}
                onCheckedChange={(enabled) => (enabled ? enable.ask() : void setEnabled(webhook, false))}
                aria-label="Enabled"
              />
            </span>
            <GuardedButton blocked={testBlocked} loading={test.sending} onClick={() => test.send("valid")}>
              <FlaskConical aria-hidden="true" />
              Send test
            </GuardedButton>
            <Button asChild>
              <Link href={`${base}/edit`}>
                <Pencil aria-hidden="true" />
                {changeBlocked === undefined ? "Edit" : "Settings"}
              </Link>
            </Button>
            <DropdownMenu>
              <DropdownMenuTrigger asChild>
                <Button size="icon" aria-label="More actions">
                  <Ellipsis aria-hidden="true" />
                </Button>
              </DropdownMenuTrigger>
              <DropdownMenuContent>
                {changeBlocked === undefined ? null : (
                  <DropdownMenuLabel className="max-w-60 whitespace-normal font-normal">
                    {changeBlocked}
                  </DropdownMenuLabel>
                )}
                <DropdownMenuItem disabled={changeBlocked !== undefined} onSelect={() => setDialog("secret")}>
                  <KeyRound aria-hidden="true" />
                  {webhook.has_secret ? "Regenerate secret…" : "Generate a secret…"}
                </DropdownMenuItem>
                <DropdownMenuSeparator />
                <DropdownMenuItem
                  tone="danger"
                  disabled={changeBlocked !== undefined}
                  onSelect={() => setDialog("delete")}
                >
                  <Trash2 aria-hidden="true" />
                  Delete…
                </DropdownMenuItem>
              </DropdownMenuContent>
            </DropdownMenu>
          </>
        }
      />
      {changeBlocked === undefined ? null : <ReadOnlyNote>{changeBlocked}</ReadOnlyNote>}
      {webhook.enabled ? (
        <>
          <HealthBanner webhook={webhook} />
          <MissedNote webhook={webhook} />
        </>
      ) : (
        <DisabledBanner webhook={webhook} pending={health?.pending} blocked={changeBlocked} onEnable={enable.ask} />
      )}
      {test.deliveryId === null ? null : (
        <TestPanel
          key={test.deliveryId}
          deliveryId={test.deliveryId}
          sendBlocked={testBlocked}
          sending={test.sending}
          signs={webhook.has_secret}
          onSendAgain={test.send}
          onClose={test.close}
        />
      )}
      <LinkTabs
        label="Webhook"
        items={[
          { href: base, label: "Overview", exact: true },
          { href: `${base}/deliveries`, label: "Deliveries" },
          { href: `${base}/statistics`, label: "Statistics" },
          { href: `${base}/edit`, label: "Settings" },
        ]}
      />
      {children}
      <DeleteWebhookDialog
        webhook={dialog === "delete" ? webhook : null}
        pending={health?.pending}
        onClose={() => setDialog(null)}
        onDeleted={() => router.push(WEBHOOKS)}
      />
      <RegenerateSecret webhook={webhook} open={dialog === "secret"} onClose={() => setDialog(null)} />
      {enable.dialog}
    </>
  );
}

function Badges({ webhook }: { webhook: Webhook }) {
  return (
    <span className="inline-flex items-center gap-2">
      <WebhookStatus webhook={webhook} filled={webhook.status !== "healthy"} />
      {webhook.source === "file" ? <Badge icon={<FileLock aria-hidden="true" />}>From file</Badge> : null}
      {webhook.has_secret ? null : <Badge tone="caution">Unsigned</Badge>}
    </span>
  );
}

/** The test on screen. Its delivery stands in the URL, so that a reload or a link shows it again. */
function useTest(webhookId: string) {
  const { sendTest } = useWebhookActions();
  const params = useSearchParams();
  const pathname = usePathname();
  const [deliveryId, setDeliveryId] = useState(() => params.get("test"));
  const [sending, setSending] = useState(false);
  const show = (id: string | null) => {
    setDeliveryId(id);
    window.history.replaceState(null, "", id === null ? pathname : `${pathname}?test=${encodeURIComponent(id)}`);
  };
  const send = async (signature: TestSignature) => {
    setSending(true);
    const id = await sendTest(webhookId, signature);
    setSending(false);
    if (id !== null) show(id);
  };
  return { deliveryId, sending, send: (signature: TestSignature) => void send(signature), close: () => show(null) };
}
