"use client";
import { Plus, Search, Webhook as WebhookIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { WEBHOOKS, webhookHref } from "@/components/deliveries/links";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TBody } from "@/components/ui/table";
import { DeleteWebhookDialog } from "@/components/webhooks/delete-webhook-dialog";
import { EnableDialog } from "@/components/webhooks/enable-dialog";
import { changeBlock, GuardedButton, ReadOnlyNote } from "@/components/webhooks/guarded";
import { inOrder, ofStatus } from "@/components/webhooks/list-order";
import { useQueryText } from "@/components/webhooks/use-query-text";
import { useWebhookActions } from "@/components/webhooks/use-webhook-actions";
import { useListView, WebhookListBar } from "@/components/webhooks/webhook-list-bar";
import { WebhookColumns, WebhookRow } from "@/components/webhooks/webhook-row";
import { searchWebhooks } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useListWebhookHealthQuery, useListWebhooksQuery } from "@/store/webhooks-api";

/** Rows drawn at first and with each "Load more": a project may have a thousand webhooks. */
const STEP = 50;
/** From this many on search, filter and order are worth their place. */
const BAR_FROM = 5;

/** All webhooks of the project with their health at a glance. */
export function WebhookList() {
  const { project, can } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id });
  const blocked = changeBlock(can);
  const count = webhooks.currentData?.length ?? 0;
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Where the events of this project are sent, signed and retried."
        actions={
          count === 0 ? undefined : blocked === undefined ? (
            <Button asChild variant="primary">
              <Link href={`${WEBHOOKS}/new`}>
                <Plus aria-hidden="true" />
                Create webhook
              </Link>
            </Button>
          ) : (
            <GuardedButton blocked={blocked} variant="primary">
              <Plus aria-hidden="true" />
              Create webhook
            </GuardedButton>
          )
        }
      />
      {blocked === undefined ? null : <ReadOnlyNote>{blocked}</ReadOnlyNote>}
      <Card>
        {webhooks.currentData === undefined ? (
          webhooks.error ? (
            <LoadError error={webhooks.error} onRetry={webhooks.refetch} retrying={webhooks.isFetching} />
          ) : (
            <SkeletonRows rows={5} label="Loading webhooks" className="[&>div]:h-14" />
          )
        ) : count === 0 ? (
          <NoWebhooks mayCreate={blocked === undefined} />
        ) : (
          <Webhooks webhooks={webhooks.currentData} changeBlocked={blocked} />
        )}
      </Card>
    </>
  );
}

function Webhooks({ webhooks, changeBlocked }: { webhooks: readonly Webhook[]; changeBlocked: string | undefined }) {
  const { project, can } = useProject();
  const router = useRouter();
  const { setEnabled, sendTest } = useWebhookActions();
  const health = useListWebhookHealthQuery({ projectId: project.id });
  const healthOf = useMemo(
    () => new Map(health.currentData?.map((entry) => [entry.webhook_id, entry])),
    [health.currentData],
  );
  const [query, setQuery] = useQueryText("q");
  const [limit, setLimit] = useState(STEP);
  const [deleting, setDeleting] = useState<Webhook | null>(null);
  const [enabling, setEnabling] = useState<Webhook | null>(null);
  const view = useListView();
  const narrowed = query !== "" || view.status.length > 0;
  const found = useMemo(
    () => inOrder(ofStatus(searchWebhooks(webhooks, query), view.status), view.sort, healthOf),
    [webhooks, query, view.status, view.sort, healthOf],
  );
  const shown = found.slice(0, limit);

  const test = async (webhookId: string) => {
    const deliveryId = await sendTest(webhookId);
    if (deliveryId !== null) router.push(`${webhookHref(webhookId)}?test=${deliveryId}`);
  };

  const switchTo = (webhook: Webhook, enabled: boolean) => {
    if (enabled && (healthOf.get(webhook.id)?.pending ?? 0) > 0) setEnabling(webhook);
    else void setEnabled(webhook, enabled);
  };

  return (
    <>
      {webhooks.length < BAR_FROM && !narrowed ? null : <WebhookListBar query={query} onQuery={setQuery} view={view} />}
      {shown.length === 0 ? (
        <EmptyState
          icon={<Search />}
          title={query === "" ? "No webhook has this status" : `No webhook matches “${query}”`}
          actions={
            <Button
              onClick={() => {
                setQuery("");
                view.setStatus([]);
              }}
            >
              {view.status.length === 0 ? "Clear the search" : "Clear the filters"}
            </Button>
          }
        >
          {webhooks.length} webhooks were looked through{query === "" ? "" : " by name, URL and event type"}.
        </EmptyState>
      ) : (
        <Table label="Webhooks" density="relaxed" wrapperClassName="@container" className="md:table-fixed">
          <WebhookColumns />
          <TBody>
            {shown.map((webhook) => (
              <WebhookRow
                key={webhook.id}
                webhook={webhook}
                health={healthOf.get(webhook.id)}
                healthFailed={health.isError}
                changeBlocked={changeBlocked ?? changeBlock(can, webhook)}
                testBlocked={changeBlocked}
                onTest={() => void test(webhook.id)}
                onSetEnabled={(enabled) => switchTo(webhook, enabled)}
                onDelete={() => setDeleting(webhook)}
              />
            ))}
          </TBody>
        </Table>
      )}
      {found.length > STEP ? (
        <LoadMore
          shown={shown.length}
          total={found.length}
          noun="webhooks"
          hasMore={shown.length < found.length}
          onLoadMore={() => setLimit(limit + STEP)}
          className="border-line border-t"
        />
      ) : null}
      <DeleteWebhookDialog
        webhook={deleting}
        pending={deleting ? healthOf.get(deleting.id)?.pending : undefined}
        onClose={() => setDeleting(null)}
      />
      <EnableDialog
        webhook={enabling}
        pending={enabling ? (healthOf.get(enabling.id)?.pending ?? 0) : 0}
        onClose={() => setEnabling(null)}
      />
    </>
  );
}

function NoWebhooks({ mayCreate }: { mayCreate: boolean }) {
  return (
    <EmptyState
      icon={<WebhookIcon />}
      title="No webhook yet"
      actions={
        mayCreate ? (
          <>
            <Button asChild variant="primary">
              <Link href={`${WEBHOOKS}/new`}>
                <Plus aria-hidden="true" />
                Create webhook
              </Link>
            </Button>
            <Button asChild>
              <Link href={`${WEBHOOKS}/new?receiver=1`}>Use the built-in test receiver</Link>
            </Button>
          </>
        ) : undefined
      }
    >
      {mayCreate
        ? "Say where events go, and the ones you choose are sent there, signed and retried. No endpoint at hand? The built-in test receiver takes them and shows what it got."
        : "Somebody with the role of member or above can create one."}
    </EmptyState>
  );
}
