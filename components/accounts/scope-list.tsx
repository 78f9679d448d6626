"use client";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { SCOPES, type Scope } from "@/lib/contracts/permissions";
import { scopeGroups, scopeSummary } from "./scopes";

/** The scopes of a key in a few words; pressing them opens the full list. */
export function ScopeList({ keyName, scopes }: { keyName: string; scopes: readonly Scope[] }) {
  const summary = scopeSummary(scopes);
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="link" aria-label={`Scopes of ${keyName}: ${summary}. Show all`} className="font-normal">
          {summary}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label={`Scopes of ${keyName}`} className="w-80">
        <ul className="flex flex-col gap-3">
          {scopeGroups(scopes).map((group) => (
            <li key={group.label}>
              <p className="font-medium text-ink-muted text-xs">{group.label}</p>
              <ul className="mt-1 flex flex-col gap-1.5">
                {group.scopes.map((scope) => (
                  <li key={scope}>
                    <code className="font-mono text-xs">{scope}</code>
                    <span className="block text-ink-muted text-xs">{SCOPES[scope]}</span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        {scopes.length === 0 ? "This version knows none of its scopes." : null}
      </PopoverContent>
    </Popover>
  );
}
