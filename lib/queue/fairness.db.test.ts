import { describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import { until, useDeliveries } from "@/lib/queue/testing";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const ANSWER_MS = 100;

describe("projects", () => {
  const { receiver, pump } = useDeliveries();

  /** A project with so many webhooks; what each got has the project's name in its path. */
  const project = async (url: (path: string) => string, name: string, webhooks: number): Promise<Actor> => {
    const actor = await createTestProject();
    for (let n = 0; n < webhooks; n += 1) {
      await createTestWebhook(actor, { url: url(`/${name}/${n}`), event_types: ["*"] });
    }
    return actor;
  };
  const emitTo = async ({ projectId }: Actor, events: number) => {
    for (let n = 0; n < events; n += 1) {
      await transaction((tx) => emit(tx, projectId, { type: "instance.started", data: {}, source: "api" }));
    }
  };

  it("share the slots evenly, and one with a single webhook does not wait for the rounds of two with many", async () => {
    const target = await receiver((_request, response) => setTimeout(() => response.end(), ANSWER_MS));
    const arrived = (name: string) => target.requests.filter(({ path }) => path.startsWith(`/${name}/`)).length;
    // The later webhooks come last in the round.
    const crowd = await project(target.url, "crowd", 60);
    const busy = await project(target.url, "busy", 20);
    const single = await project(target.url, "single", 1);
    await emitTo(crowd, 20);
    await emitTo(busy, 30);
    pump({ concurrency: 32 });

    await until("both are served", () => arrived("crowd") + arrived("busy") >= 100);
    await emitTo(single, 10);
    const before = target.requests.length;
    await until("the single webhook has everything", () => arrived("single") === 10);
    // It is found within half a second, in which 160 are answered, and then needs few answers of a tenth of a second each.
    expect(target.requests.length - before).toBeLessThan(600);

    await until("half of it is done", () => target.requests.length >= 900);
    const middle = target.requests.slice(200, 900).filter(({ path }) => !path.startsWith("/single/"));
    const ofBusy = middle.filter(({ path }) => path.startsWith("/busy/")).length;
    // By webhooks it would be a quarter.
    expect(ofBusy / middle.length).toBeGreaterThan(0.35);
    expect(ofBusy / middle.length).toBeLessThan(0.65);
  }, 60_000);

  it("let a webhook with little due wait for the others' turns, not for all that each of them has room for", async () => {
    const target = await receiver((_request, response) => setTimeout(() => response.end(), ANSWER_MS));
    const actor = await project(target.url, "busy", 60);
    await emitTo(actor, 30);
    // Created last, it comes last in the round.
    await createTestWebhook(actor, { url: target.url("/little"), event_types: ["instance.stopped"] });
    pump({ concurrency: 32 });
    const arrived = (n: number) => () => target.requests.filter(({ path }) => path === "/little").length === n;
    const waits: number[] = [];
    await until("the busy ones ask for more", () => target.requests.length >= 300);
    for (let n = 1; n <= 4; n += 1) {
      const before = target.requests.length;
      await transaction((tx) => emit(tx, actor.projectId, { type: "instance.stopped", data: {}, source: "api" }));
      await until("its event", arrived(n));
      const index = target.requests.findLastIndex(({ path }) => path === "/little");
      waits.push(index - before);
    }
    // A round of a few each, and what was claimed before it; of all that they have room for it would be 480.
    expect(Math.max(...waits)).toBeLessThan(240);
  }, 60_000);

  it("leave a project that is alone every slot", async () => {
    let underWay = 0;
    let most = 0;
    const target = await receiver((_request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end();
      }, ANSWER_MS);
    });
    const alone = await project(target.url, "alone", 20);
    await project(target.url, "idle", 3);
    await emitTo(alone, 20);
    pump({ concurrency: 32 });
    await until("everything arrived", () => target.requests.length === 400);
    expect(most).toBe(32);
  }, 60_000);
});
