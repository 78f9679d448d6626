"use client";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

export type SwitcherProject = {
  id: string;
  name: string;
  /** A word about it: the plan, the role. */
  note?: ReactNode | undefined;
};

export type ProjectSwitcherProps = {
  projects: readonly SwitcherProject[];
  currentId: string;
  onSelect: (id: string) => void;
  onCreate: () => void;
};

/** The project at hand, and the way to the others. */
export function ProjectSwitcher({ projects, currentId, onSelect, onCreate }: ProjectSwitcherProps) {
  const current = projects.find((project) => project.id === currentId);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          className="max-w-full gap-2 px-2 text-ink"
          aria-label={`Project: ${current?.name ?? "none"}. Switch project`}
        >
          <Initial name={current?.name ?? "?"} />
          <span className="min-w-0 truncate">{current?.name ?? "Choose a project"}</span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5! text-ink-faint" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="min-w-60">
        <DropdownMenuLabel>Projects</DropdownMenuLabel>
        {projects.map((project) => (
          <DropdownMenuItem
            key={project.id}
            onSelect={() => {
              if (project.id !== currentId) onSelect(project.id);
            }}
            aria-current={project.id === currentId ? "true" : undefined}
          >
            <Initial name={project.name} />
            <span className="min-w-0 flex-1 truncate">{project.name}</span>
            {project.note === undefined ? null : <span className="text-ink-muted text-xs">{project.note}</span>}
            {project.id === currentId ? <Check aria-hidden="true" className="text-accent!" /> : null}
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onCreate}>
          <Plus aria-hidden="true" />
          New project
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="flex size-5 shrink-0 items-center justify-center rounded-[5px] border border-line-strong bg-surface-sunken font-semibold text-2xs text-ink-muted uppercase"
    >
      {[...name][0]}
    </span>
  );
}
