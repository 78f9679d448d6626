"use client";

import { FolderPlus } from "lucide-react";
import { signOut } from "next-auth/react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { NewProjectDialog } from "./new-project-dialog";
import { useSwitchProject } from "./use-switch-project";

const NOWHERE_ELSE: readonly { href: string }[] = [];

/** For somebody who belongs to no project: they were removed from their last one. */
export function NoProject({ email }: { email: string }) {
  const [creating, setCreating] = useState(false);
  const show = useSwitchProject(NOWHERE_ELSE);
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">No project</h1>
      <EmptyState
        icon={<FolderPlus />}
        title="You belong to no project"
        actions={
          <>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create a project
            </Button>
            <Button onClick={() => void signOut({ callbackUrl: "/login" })}>Sign out</Button>
          </>
        }
      >
        You are signed in as {email}. Create a project of your own, or ask an owner for an invitation.
      </EmptyState>
      <NewProjectDialog open={creating} onOpenChange={setCreating} onCreated={show} />
    </main>
  );
}
