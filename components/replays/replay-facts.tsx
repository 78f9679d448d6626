"use client";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import type { WebhookNames } from "@/components/deliveries/use-webhook-names";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import type { Replay } from "@/lib/contracts/replays";
import { useListMembersQuery } from "@/store/accounts-api";

/** What the replay was told to do, and by whom. */
export function ReplayFacts({ replay, webhooks }: { replay: Replay; webhooks: WebhookNames }) {
  const { project, user } = useProject();
  const { currentData: members } = useListMembersQuery({ projectId: project.id });
  const maker = members?.find((member) => member.user_id === replay.created_by)?.name;
  return (
    <Card>
      <CardHeader title="What it was told" />
      <CardBody>
        <FactList>
          <Fact label="From">
            <Timestamp value={replay.from} date="always" />
          </Fact>
          <Fact label="To">
            <Timestamp value={replay.to} date="always" />
          </Fact>
          <Fact label="Webhooks" wide>
            {replay.webhook_ids === null ? "All" : replay.webhook_ids.map((id) => webhooks.nameOf(id)).join(", ")}
          </Fact>
          <Fact label="Event types" wide>
            {replay.event_types === null ? (
              "All"
            ) : (
              <span className="flex flex-wrap gap-1 pt-0.5">
                {replay.event_types.map((type) => (
                  <Badge key={type} mono>
                    {type}
                  </Badge>
                ))}
              </span>
            )}
          </Fact>
          <Fact label="Possible repeats">{formatNumber(replay.repeats)}</Fact>
          <Fact label="Started by">
            {replay.created_by === user.id ? "You" : (maker ?? <IdText value={replay.created_by} label="id" />)}
          </Fact>
          <Fact label="Started">
            <Timestamp value={replay.created_at} date="always" />
          </Fact>
          <Fact label="Ended">
            {replay.finished_at === null ? "–" : <Timestamp value={replay.finished_at} date="always" />}
          </Fact>
          <Fact label="Replay" wide>
            <IdText value={replay.id} label="replay id" />
          </Fact>
        </FactList>
      </CardBody>
    </Card>
  );
}
