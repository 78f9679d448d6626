import { Compass } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function ConsoleNotFound() {
  return (
    <>
      <h1 className="sr-only">Page not found</h1>
      <EmptyState
        icon={<Compass />}
        title="There is no such page in this project"
        actions={
          <Button asChild>
            <Link href="/app">Go to the overview</Link>
          </Button>
        }
      >
        It may have been deleted, or it belongs to another project: switch projects at the top.
      </EmptyState>
    </>
  );
}
