import { Compass } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">Page not found</h1>
      <EmptyState
        icon={<Compass />}
        title="There is no such page"
        actions={
          <Button asChild variant="primary">
            <Link href="/app">Go to the overview</Link>
          </Button>
        }
      >
        The address may be mistyped, or what it showed was deleted or belongs to a project of which you are not a
        member.
      </EmptyState>
    </main>
  );
}
