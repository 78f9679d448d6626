"use client";
import { ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import { useController, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { CodeArea } from "@/components/ui/code-area";
import { Disclosure } from "@/components/ui/disclosure";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Field } from "@/components/ui/field";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { OperatorList } from "@/components/webhooks/operator-list";
import { PAYLOAD_EXAMPLES } from "@/components/webhooks/payload-examples";
import {
  addConditions,
  formatPayload,
  type PayloadProblem,
  problemWords,
  readPayload,
} from "@/components/webhooks/payload-text";
import type { PayloadFilter } from "@/lib/contracts/payload-filter";

/** Conditions on what is in the event, as JSON; mistakes are told with their lines, and lead there. */
export function PayloadField({ readOnly }: { readOnly: boolean }) {
  const { control } = useFormContext<WebhookFormValues>();
  const { field, fieldState } = useController({ control, name: "payload" });
  const area = useRef<HTMLTextAreaElement | null>(null);
  const [help, setHelp] = useState(false);
  const reading = readPayload(field.value);
  const problems = fieldState.invalid && "problems" in reading ? reading.problems : [];
  const payload = "payload" in reading ? reading.payload : null;
  const tidy = payload === null ? field.value : formatPayload(payload);

  const change = (text: string) => {
    field.onChange(text);
    area.current?.focus();
  };
  const show = ({ place }: PayloadProblem) => {
    area.current?.focus();
    area.current?.setSelectionRange(place.start, place.end);
  };
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Only events with this payload"
        optional
        hint="Conditions on the event as it is sent, as JSON in MongoDB's notation; all of them must hold. Empty: any."
        error={problems.length > 0 ? <Problems problems={problems} onShow={show} /> : fieldState.error?.message}
        aside={
          readOnly ? undefined : (
            <span className="flex items-center gap-3">
              {tidy === field.value ? null : (
                <Button variant="link" size="sm" onClick={() => change(tidy)}>
                  Format
                </Button>
              )}
              <Examples text={field.value} onChange={change} />
            </span>
          )
        }
      >
        <CodeArea
          {...field}
          ref={(element) => {
            field.ref(element);
            area.current = element;
          }}
          readOnly={readOnly}
          wrongLines={problems.map(({ line }) => line)}
          placeholder={'{\n  "data.gpu_count": { "$gte": 8 }\n}'}
        />
      </Field>
      <Disclosure open={help} onOpenChange={setHelp} title="Operators" description="What can stand behind a path">
        <OperatorList />
      </Disclosure>
    </div>
  );
}

function Problems({ problems, onShow }: { problems: PayloadProblem[]; onShow: (problem: PayloadProblem) => void }) {
  return (
    <span className="flex flex-col gap-1">
      {problems.map((problem) => (
        <span key={`${problem.place.start} ${problem.path}`} className="[overflow-wrap:anywhere]">
          {problemWords(problem)}{" "}
          <button type="button" onClick={() => onShow(problem)} className="rounded font-medium underline">
            Go there
          </button>
        </span>
      ))}
    </span>
  );
}

/** Examples are added to what is there: inserting one loses nothing. */
function Examples({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const insert = (payload: PayloadFilter) => {
    const next = addConditions(text, payload);
    if (next !== null) onChange(next);
  };
  const blocked = addConditions(text, {}) === null;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="link" size="sm">
          Insert an example
          <ChevronDown aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      {/* The focus goes into the text, not back to this button. */}
      <DropdownMenuContent onCloseAutoFocus={(event) => event.preventDefault()}>
        <DropdownMenuLabel>{blocked ? "Mend the text first" : "Added to what is there"}</DropdownMenuLabel>
        {PAYLOAD_EXAMPLES.map(({ title, payload }) => (
          <DropdownMenuItem key={title} disabled={blocked} onSelect={() => insert(payload)}>
            {title}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
