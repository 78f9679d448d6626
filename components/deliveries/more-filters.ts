import type { PickerOption } from "@/components/ui/filter-picker";
import { HTTP_CLASSES, type HttpClass, triggerSchema } from "@/lib/contracts/deliveries";
import { ERROR_CODES, errorLabel } from "./error-labels";
import { httpWord, type LogFilter } from "./log-filter";
import { triggerWord } from "./status-words";

const HTTP_HINTS: Readonly<Record<HttpClass, string>> = {
  "2xx": "Accepted",
  "3xx": "A redirect, which is not followed",
  "4xx": "Refused by the receiver",
  "5xx": "The receiver had an error",
  none: "Not sent yet, or no connection",
};

const TRIGGER_HINTS: Readonly<Record<LogFilter["trigger"][number], string>> = {
  auto: "Sent by the schedule",
  manual: "Somebody pressed retry",
  test: "Sent by “Send test”",
  replay: "Sent by a replay",
};

type Part = Pick<LogFilter, "http" | "error_code" | "min_attempts" | "trigger">;

/** Everything that has no button of its own, in one list with a search. */
export const MORE_OPTIONS: readonly PickerOption[] = [
  ...HTTP_CLASSES.map((kind) => ({
    value: `http:${kind}`,
    label: kind === "none" ? "No answer" : httpWord(kind),
    hint: HTTP_HINTS[kind],
    group: "HTTP code",
  })),
  { value: "min_attempts:2", label: "More than one attempt", hint: "Retried at least once", group: "Attempts" },
  ...triggerSchema.options.map((trigger) => ({
    value: `trigger:${trigger}`,
    label: capitalised(triggerWord(trigger)),
    hint: TRIGGER_HINTS[trigger],
    group: "Cause",
  })),
  ...ERROR_CODES.map((code) => ({
    value: `error_code:${code}`,
    label: errorLabel(code),
    hint: code,
    group: "Error",
  })),
];

/** The options that a filter has chosen. */
export function chosenOptions({ http, error_code, min_attempts, trigger }: Part): string[] {
  return [
    ...http.map((kind) => `http:${kind}`),
    ...(min_attempts === null ? [] : [`min_attempts:${min_attempts}`]),
    ...trigger.map((cause) => `trigger:${cause}`),
    ...error_code.map((code) => `error_code:${code}`),
  ];
}

/** What the filter becomes with these options chosen. */
export function partOf(options: readonly string[]): Part {
  const of = (name: string) =>
    options.filter((option) => option.startsWith(`${name}:`)).map((option) => option.slice(name.length + 1));
  const [least] = of("min_attempts");
  return {
    http: HTTP_CLASSES.filter((kind) => of("http").includes(kind)),
    error_code: of("error_code"),
    min_attempts: least === undefined ? null : Number(least),
    trigger: triggerSchema.options.filter((trigger) => of("trigger").includes(trigger)),
  };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
