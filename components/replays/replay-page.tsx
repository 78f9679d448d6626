"use client";
import { History } from "lucide-react";
import Link from "next/link";
import { useWebhookNames } from "@/components/deliveries/use-webhook-names";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ReplayDetail } from "@/lib/contracts/replays";
import { useGetReplayQuery } from "@/store/replays-api";
import { REPLAYS, replayDeliveriesHref } from "./links";
import { RateForm } from "./rate-form";
import { ReplayActions } from "./replay-actions";
import { ReplayBar, ReplayLegend } from "./replay-bar";
import { ReplayFacts } from "./replay-facts";
import { ReplayStatus } from "./replay-status";
import { ReplayTargets } from "./replay-targets";
import { durationWords, KIND_WORDS, partsOf } from "./words";

const BREADCRUMBS = [{ label: "Replays", href: REPLAYS }];

/** One replay: how far it has come, live, and the means to steer it. */
export function ReplayPage({ replayId }: { replayId: string }) {
  const { project } = useProject();
  const { currentData: replay, error, isFetching, refetch } = useGetReplayQuery({ projectId: project.id, replayId });
  if (replay !== undefined) return <Job replay={replay} />;
  return (
    <>
      <PageHeader title="Replay" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the replay" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{
            icon: <History />,
            title: "This replay is not here",
            back: { href: REPLAYS, label: "All replays" },
          }}
        />
      )}
    </>
  );
}

function Job({ replay }: { replay: ReplayDetail }) {
  const { project } = useProject();
  const webhooks = useWebhookNames(project.id);
  const { label, sentence } = KIND_WORDS[replay.kind];
  return (
    <>
      <PageHeader
        title={`Replay of ${label.toLowerCase()}`}
        description={sentence}
        badge={<ReplayStatus replay={replay} filled />}
        actions={<ReplayActions replay={replay} />}
        breadcrumbs={BREADCRUMBS}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Progress replay={replay} />
          <ReplayTargets replay={replay} webhooks={webhooks} />
        </div>
        <ReplayFacts replay={replay} webhooks={webhooks} />
      </div>
    </>
  );
}

function Progress({ replay }: { replay: ReplayDetail }) {
  const { can } = useProject();
  const { failed } = replay.outcome;
  const isOpen = replay.status === "running" || replay.status === "paused";
  return (
    <Card>
      <CardBody className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p role="status" className="text-ink text-sm">
            {sentenceOf(replay)}
          </p>
          {isOpen && can("deliveries:retry") ? <RateForm replay={replay} /> : null}
        </div>
        <ReplayBar replay={replay} />
        <ReplayLegend replay={replay} />
        {failed > 0 ? (
          <Alert tone="caution" title={`${formatNumber(failed)} failed again`}>
            They used up their attempts once more. Mend the receiver before you replay them another time.
          </Alert>
        ) : null}
      </CardBody>
      <CardFooter>
        <span>Queued means handed to the workers; delivered means answered with 2xx.</span>
        <span className="flex flex-wrap gap-2">
          {failed > 0 ? (
            <Button asChild size="sm">
              <Link href={replayDeliveriesHref(replay.id, "failed")}>See what failed</Link>
            </Button>
          ) : null}
          <Button asChild size="sm">
            <Link href={replayDeliveriesHref(replay.id)}>See its deliveries</Link>
          </Button>
        </span>
      </CardFooter>
    </Card>
  );
}

/** Where it stands, in a sentence. */
function sentenceOf(replay: ReplayDetail): string {
  const { status, queued, skipped, total, rate } = replay;
  const { waiting, pending } = partsOf(replay);
  const passed = skipped === 0 ? "" : `, ${formatNumber(skipped)} skipped`;
  const done = `Queued ${formatNumber(queued)} of ${formatNumber(total)}${passed}`;
  if (status === "cancelled") return `${done}, then cancelled. The other ${formatNumber(waiting)} are not sent.`;
  if (status === "paused") return `${done}. Paused: nothing more is queued until it is resumed.`;
  if (status === "running") {
    return waiting === 0
      ? `${done}.`
      : `${done} at up to ${formatNumber(rate)}/s, ${durationWords(waiting, rate)} to go.`;
  }
  return pending === 0 ? `${done}. Everything has ended.` : `${done}. ${formatNumber(pending)} still under way.`;
}
