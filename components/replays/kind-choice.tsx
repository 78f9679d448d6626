"use client";
import { Fieldset } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Spinner } from "@/components/ui/spinner";
import { REPLAY_KINDS, type ReplayKind } from "@/lib/contracts/replays";
import type { Counting } from "./use-previews";
import { KIND_WORDS } from "./words";

type KindChoiceProps = {
  kind: ReplayKind;
  onKind: (kind: ReplayKind) => void;
  countings: Record<ReplayKind, Counting>;
};

/** What is sent again, each kind with the number that it would come to. */
export function KindChoice({ kind, onKind, countings }: KindChoiceProps) {
  return (
    <Fieldset legend="What to send">
      <RadioGroup
        value={kind}
        onValueChange={(chosen) => {
          const known = REPLAY_KINDS.find((candidate) => candidate === chosen);
          if (known) onKind(known);
        }}
      >
        {REPLAY_KINDS.map((candidate) => (
          <RadioItem
            key={candidate}
            card
            value={candidate}
            label={
              <span className="flex flex-wrap items-center gap-x-2">
                {KIND_WORDS[candidate].label} <Count counting={countings[candidate]} />
              </span>
            }
            description={KIND_WORDS[candidate].sentence}
          />
        ))}
      </RadioGroup>
    </Fieldset>
  );
}

function Count({ counting: { preview, error } }: { counting: Counting }) {
  if (error !== undefined) return <span className="text-ink-muted text-xs">not counted</span>;
  if (preview === undefined) return <Spinner label="Counting" className="size-3.5 text-ink-muted" />;
  return (
    <span className="rounded-full border border-line bg-surface px-1.5 font-medium text-ink text-xs tabular-nums">
      {formatNumber(preview.total)}
    </span>
  );
}
