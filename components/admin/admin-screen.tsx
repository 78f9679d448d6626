"use client";
import { PageHeader } from "@/components/ui/page-header";
import { CleanUpCard } from "./clean-up-card";
import { FileCard } from "./file-card";
import { QueueCard } from "./queue-card";
import { WorkersCard } from "./workers-card";

/** What concerns the whole installation, for whoever runs it. */
export function AdminScreen() {
  return (
    <>
      <PageHeader
        title="Installation"
        description="What concerns every project: workers and their queue, webhooks from the configuration file, clean-up."
      />
      <div className="grid gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <QueueCard />
        <WorkersCard />
      </div>
      <FileCard />
      <CleanUpCard />
    </>
  );
}
