"use client";
import { useProject } from "@/components/shell/project-context";
import { GivenUpNotice } from "@/components/webhooks/given-up-notice";
import { HealthNotices } from "@/components/webhooks/health-notices";
import { useListWebhooksQuery } from "@/store/webhooks-api";

/** What happens to the project's webhooks while somebody looks at any page. */
export function WebhookNotices() {
  const { project, can } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id }, { skip: !can("webhooks:read") }).currentData;
  return (
    <>
      <HealthNotices key={project.id} webhooks={webhooks} />
      <GivenUpNotice webhooks={webhooks} />
    </>
  );
}
