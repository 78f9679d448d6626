import {
  ArrowDownToLine,
  CirclePlus,
  Hourglass,
  type LucideIcon,
  PackageMinus,
  PenLine,
  Receipt,
  RotateCcw,
  TicketPercent,
  Undo2,
  Zap,
} from "lucide-react";
import type { LedgerKind } from "@/lib/contracts/credits";
import { KIND_WORDS } from "./words";

export const KIND_ICONS: Readonly<Record<LedgerKind, LucideIcon>> = {
  grant: CirclePlus,
  hold: ArrowDownToLine,
  release: Undo2,
  capture: Zap,
  fee: TicketPercent,
  refund: Receipt,
  expire: Hourglass,
  rollover: RotateCcw,
  void: PackageMinus,
  adjust: PenLine,
};

/** What a line of the ledger is, as icon and word. */
export function KindMark({ kind }: { kind: LedgerKind }) {
  const Icon = KIND_ICONS[kind];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap font-medium" title={KIND_WORDS[kind].sentence}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0 text-ink-muted" />
      {KIND_WORDS[kind].word}
    </span>
  );
}
