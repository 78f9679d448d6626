"use client";
import { useEffect, useState } from "react";
import { useDebounced } from "@/components/ui/use-debounced";
import { useNow } from "@/components/ui/use-now";
import type { createQuote, Quote } from "@/lib/contracts/availability";
import type { BodyInput } from "@/lib/contracts/operation";
import type { ApiError } from "@/store/api-error";
import { isApiError } from "@/store/api-error";
import { useCreateQuoteMutation } from "@/store/reservations-api";

export type QuoteInput = BodyInput<typeof createQuote>;

/** Long enough to type a number, short enough to seem at once. */
const PAUSE_MS = 350;

type Answer = { key: string; round: number; quote?: Quote; error?: ApiError | undefined; receivedAt: number };

export type LiveQuote = {
  /** Of exactly what is in the form; undefined while it is asked for. */
  quote: Quote | undefined;
  error: ApiError | undefined;
  /** It failed, and nothing more is known about why than that. */
  hasFailed: boolean;
  isAsking: boolean;
  /** How long its price still stands, in ms; 0 when it has run out. */
  leftMs: number;
  /** Asks anew: a new price, and whether the GPUs are still free. */
  renew: () => void;
};

/** Asks the server for a quote whenever what is wanted has stayed the same for a moment; null asks for nothing. */
export function useQuote(projectId: string, wanted: QuoteInput | null): LiveQuote {
  const key = wanted === null ? null : JSON.stringify(wanted);
  const settled = useDebounced(key, PAUSE_MS);
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [ask] = useCreateQuoteMutation();
  const now = useNow();
  useEffect(() => {
    if (settled === null) return;
    let isStale = false;
    const call = ask({ projectId, body: JSON.parse(settled) as QuoteInput });
    void call.then(({ data, error }) => {
      if (isStale) return;
      setAnswer({
        key: settled,
        round,
        receivedAt: Date.now(),
        ...(data === undefined ? { error: isApiError(error) ? error : undefined } : { quote: data }),
      });
    });
    return () => {
      isStale = true;
      call.abort();
    };
  }, [ask, projectId, settled, round]);
  const current = answer?.key === key && answer.round === round ? answer : null;
  const quote = current?.quote;
  // By how long the server grants, not by its clock: the reader's may be wrong.
  const until = current === null || quote === undefined ? 0 : current.receivedAt + standsMs(quote);
  return {
    quote,
    error: current?.error,
    hasFailed: current !== null && quote === undefined,
    isAsking: key !== null && current === null,
    leftMs: Math.max(0, until - (now ?? Date.now())),
    renew: () => setRound((last) => last + 1),
  };
}

function standsMs({ created_at, expires_at }: Quote): number {
  return Date.parse(expires_at) - Date.parse(created_at);
}
