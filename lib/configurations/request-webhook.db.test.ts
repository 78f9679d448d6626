import { describe, expect, it } from "vitest";
import { deploy } from "@/lib/configurations/deployments";
import { createTestConfiguration, testCommit, testDeploy } from "@/lib/configurations/testing";
import { deployBody } from "@/lib/contracts/deployments";
import { db } from "@/lib/db/client";
import { useDeliveries } from "@/lib/queue/testing";
import { testActor } from "@/lib/webhooks/testing";

describe("the webhook that a commit or a deployment brings along", () => {
  const { actor, receiver, pump, settled } = useDeliveries();

  it("gets all that follows in its workflow, in order", async () => {
    const own = await receiver();
    const config = await createTestConfiguration(actor());
    pump();
    await testCommit(actor(), config.id, {
      source: "image: a\n",
      base_version: 0,
      correlation_id: "run-1",
      webhook: { url: own.url("/run") },
    });
    await testDeploy(actor(), config.id, { correlation_id: "run-1" });
    await testDeploy(actor(), config.id, { correlation_id: "run-2", environment: "development" });
    await settled();
    const got = own.requests.map(({ body }) => JSON.parse(body));
    expect(got.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["config.committed", 1],
      ["config.deployed", 2],
    ]);
    expect(got[1].data).toMatchObject({ config: "llm-serving", environment: "staging", number: 1 });
  });

  it("leaves nothing behind after a dry run, and joins no workflow of somebody else unasked", async () => {
    const config = await createTestConfiguration(actor());
    await testCommit(actor(), config.id, { source: "image: a\n", base_version: 0, correlation_id: "run-1" });
    const before = await db.webhook.count();
    const body = {
      environment: "staging",
      variant: "default",
      version: 1,
      webhook: { url: "https://example.com/hook" },
    };
    await deploy(actor(), config.id, deployBody.parse({ ...body, dry_run: true }));
    expect(await db.webhook.count()).toBe(before);
    const member = testActor(actor().projectId, "member");
    const permissions = new Set([...member.permissions].filter((permission) => permission !== "webhooks:write"));
    const stranger = { ...member, permissions };
    await expect(
      deploy(stranger, config.id, deployBody.parse({ ...body, correlation_id: "run-1" })),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(await db.deployment.count({ where: { configId: config.id } })).toBe(0);
  });

  it("is refused by the rules of webhooks, and nothing is deployed", async () => {
    const config = await createTestConfiguration(actor());
    await testCommit(actor(), config.id, { source: "image: a\n", base_version: 0 });
    await expect(testDeploy(actor(), config.id, { webhook: { url: "http://10.0.0.1/hook" } })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "webhook.url" }],
    });
    expect(await db.deployment.count({ where: { configId: config.id } })).toBe(0);
  });
});
