import { CircleQuestionMark, LockOpen } from "lucide-react";
import { StatusBadge, type StatusTone } from "@/components/ui/status-badge";
import type { ReceiverRequest } from "@/lib/contracts/receiver";

type Verdict = ReceiverRequest["signature"];

const LOOKS: Record<Verdict, { tone: StatusTone; word: string; icon?: typeof LockOpen }> = {
  valid: { tone: "positive", word: "Valid" },
  invalid: { tone: "danger", word: "Invalid" },
  unsigned: { tone: "off", word: "Unsigned", icon: LockOpen },
  unknown: { tone: "waiting", word: "Unknown", icon: CircleQuestionMark },
};

/** What came of checking a request's signature: icon and word, each of its own shape. */
export function VerdictBadge({ verdict, filled = false }: { verdict: Verdict; filled?: boolean }) {
  const { tone, word, icon: Icon } = LOOKS[verdict];
  return (
    <StatusBadge tone={tone} icon={Icon && <Icon />} filled={filled} className="self-start">
      {word}
    </StatusBadge>
  );
}

/** The same as one word. */
export function verdictWord(verdict: Verdict): string {
  return LOOKS[verdict].word.toLowerCase();
}
