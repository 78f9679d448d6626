"use client";
import { Search, Send as SendIcon } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { LoadMore } from "@/components/ui/load-more";
import { GuardedButton } from "@/components/webhooks/guarded";
import { type EventVerdict, VERDICT_LIMITS } from "@/lib/contracts/verdicts";
import { useSend } from "./use-send";
import { VerdictRow } from "./verdict-row";
import { groupOf, groupWord, sendBlock, VERDICT_GROUPS, type VerdictGroup } from "./verdict-words";

/** Rows drawn at once; the rest on demand. */
const SHOWN = 50;
/** With fewer webhooks everything is in sight, and a search would only be in the way. */
const SEARCH_FROM = 9;

export type VerdictListProps = { eventId: string; verdicts: readonly EventVerdict[] };

/** The verdicts with their sums, which narrow the list, and a selection that can be sent to. */
export function VerdictList({ eventId, verdicts }: VerdictListProps) {
  const { can } = useProject();
  const mayRetry = can("deliveries:retry");
  const [group, setGroup] = useState<VerdictGroup | null>(null);
  const [text, setText] = useState("");
  const [shown, setShown] = useState(SHOWN);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { send, dialog } = useSend(eventId, () => setChosen(new Set()));

  const found = verdicts.filter(
    ({ verdict, webhook }) =>
      (group === null || groupOf(verdict) === group) &&
      `${webhook.description} ${webhook.url} ${webhook.id}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const drawn = found.slice(0, shown);
  const sendable = found.filter((row) => sendBlock(row, mayRetry) === undefined);
  // What was chosen and can no longer be sent to, or is out of sight, does not count.
  const selected = sendable.filter(({ webhook }) => chosen.has(webhook.id));
  const select = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const tooMany =
    selected.length > VERDICT_LIMITS.sendTo ? `At most ${VERDICT_LIMITS.sendTo} webhooks at once.` : undefined;
  return (
    <>
      <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2">
        <Checkbox
          aria-label="Select all that can be sent to"
          checked={selected.length === 0 ? false : selected.length === sendable.length ? true : "indeterminate"}
          disabled={sendable.length === 0}
          onCheckedChange={(checked) =>
            setChosen(checked === true ? new Set(sendable.map(({ webhook }) => webhook.id)) : new Set())
          }
        />
        <Groups verdicts={verdicts} group={group} onGroup={setGroup} />
        {verdicts.length < SEARCH_FROM ? null : (
          <Input
            type="search"
            aria-label="Search webhooks"
            placeholder="Search webhooks"
            prefix={<Search aria-hidden="true" />}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="min-w-40 max-w-64 flex-1"
          />
        )}
        {selected.length === 0 ? null : (
          <div className="ml-auto flex items-center gap-2">
            <GuardedButton size="sm" variant="primary" blocked={tooMany} onClick={() => send(selected)}>
              <SendIcon aria-hidden="true" />
              Send to {formatNumber(selected.length)} selected
            </GuardedButton>
          </div>
        )}
      </div>
      {found.length === 0 ? (
        <p role="status" className="px-4 py-8 text-center text-ink-muted text-sm">
          No webhook matches.
        </p>
      ) : (
        <ul aria-label="Verdicts" className="divide-y divide-line">
          {drawn.map((verdict) => (
            <VerdictRow
              key={verdict.webhook.id}
              verdict={verdict}
              mayRetry={mayRetry}
              selected={selected.includes(verdict)}
              onSelect={(on) => select(verdict.webhook.id, on)}
              onSend={() => send([verdict])}
            />
          ))}
        </ul>
      )}
      {found.length > drawn.length ? (
        <LoadMore
          shown={drawn.length}
          total={found.length}
          noun="webhooks"
          hasMore
          onLoadMore={() => setShown(shown + SHOWN)}
          className="border-line border-t"
        />
      ) : null}
      {dialog}
    </>
  );
}

type GroupsProps = {
  verdicts: readonly EventVerdict[];
  group: VerdictGroup | null;
  onGroup: (group: VerdictGroup | null) => void;
};

/** How many of each kind; pressing one leaves only these. */
function Groups({ verdicts, group, onGroup }: GroupsProps) {
  const counted = VERDICT_GROUPS.map((name) => ({
    name,
    count: verdicts.filter(({ verdict }) => groupOf(verdict) === name).length,
  })).filter(({ name, count }) => count > 0 || name === group);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of switches, not of form fields
    <div role="group" aria-label="Narrow down" className="flex flex-wrap gap-1">
      <Toggle on={group === null} onPress={() => onGroup(null)} word="All" count={verdicts.length} />
      {counted.map(({ name, count }) => (
        <Toggle
          key={name}
          on={group === name}
          onPress={() => onGroup(group === name ? null : name)}
          word={groupWord(name)}
          count={count}
        />
      ))}
    </div>
  );
}

type ToggleProps = { on: boolean; onPress: () => void; word: string; count: number };

function Toggle({ on, onPress, word, count }: ToggleProps) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={on}
      onClick={onPress}
      className={cn("font-normal", on && "bg-hover font-medium text-ink")}
    >
      {word} <span className="tabular-nums">{formatNumber(count)}</span>
    </Button>
  );
}
