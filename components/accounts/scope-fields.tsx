"use client";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { Fieldset } from "@/components/ui/field";
import { SCOPES, type Scope } from "@/lib/contracts/permissions";
import { canLetIn, PRESET_LABELS, PRESETS, presetOf, presetScopes, scopeGroups } from "./scopes";

type ScopeFieldsProps = {
  /** What the person may do, and so may give. */
  permissions: readonly Scope[];
  value: readonly Scope[];
  onChange: (scopes: Scope[]) => void;
  error: string | undefined;
};

/** What a key may do: one of the usual choices, or scope by scope. */
export function ScopeFields({ permissions, value, onChange, error }: ScopeFieldsProps) {
  const chosen = presetOf(value, permissions);
  const toggle = (scope: Scope, checked: boolean) =>
    onChange(checked ? [...value, scope] : value.filter((other) => other !== scope));
  return (
    <Fieldset legend="What the key may do" error={error}>
      <div className="mb-2 flex flex-wrap gap-2">
        {PRESETS.map((preset) => (
          <Button
            key={preset}
            size="sm"
            aria-pressed={preset === chosen}
            onClick={() => onChange(presetScopes(preset, permissions))}
            className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
          >
            {PRESET_LABELS[preset]}
          </Button>
        ))}
      </div>
      <div className="grid gap-x-6 gap-y-4 rounded-lg border border-line p-3 sm:grid-cols-2">
        {scopeGroups(permissions).map((group) => (
          <Fieldset
            key={group.label}
            legend={group.label}
            className={group.scopes.length > 2 ? "sm:col-span-2" : undefined}
          >
            <div className={cn("grid gap-x-6 gap-y-1.5", group.scopes.length > 2 && "sm:grid-cols-2")}>
              {group.scopes.map((scope) => (
                <CheckboxField
                  key={scope}
                  checked={value.includes(scope)}
                  onCheckedChange={(checked) => toggle(scope, checked === true)}
                  label={SCOPES[scope]}
                  description={<code className="font-mono text-2xs">{scope}</code>}
                />
              ))}
            </div>
          </Fieldset>
        ))}
      </div>
      {canLetIn(value) ? (
        <Alert tone="caution" live className="mt-1">
          Whoever gets hold of this key can make further keys or invite people, which revoking it does not undo.
        </Alert>
      ) : null}
    </Fieldset>
  );
}
