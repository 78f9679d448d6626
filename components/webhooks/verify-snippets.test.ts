import { execFileSync } from "node:child_process";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { STANDARD_SNIPPETS, STRIPE_SNIPPETS } from "@/components/webhooks/verify-snippets";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = JSON.stringify({ id: "evt_1", type: "instance.started", data: { text: "ä" } });
const now = new Date();
const timestamp = Math.floor(now.getTime() / 1000);
const headers = {
  "webhook-id": "evt_1",
  "webhook-timestamp": String(timestamp),
  "webhook-signature": new Webhook(SECRET).sign("evt_1", now, body),
  "x-webhook-signature": Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp }),
};

/** Runs the text as readers would paste it, in a process of its own. */
function run(snippet: string, received: string): string {
  const call = `
try { console.log("accepted", verify(process.argv[1], JSON.parse(process.argv[2])).type); }
catch (error) { console.log("refused", error.name); }`;
  return execFileSync(
    process.execPath,
    ["--input-type=module", "-e", snippet + call, received, JSON.stringify(headers)],
    {
      encoding: "utf8",
      env: { ...process.env, DUMONT_WEBHOOK_SECRET: SECRET },
    },
  ).trim();
}

describe("the Node snippets", () => {
  it.each([
    ["standardwebhooks", STANDARD_SNIPPETS.Node],
    ["stripe", STRIPE_SNIPPETS.Node],
  ])("with %s accept signed bodies and refuse changed ones", (_library, snippet) => {
    expect(run(snippet, body)).toBe("accepted instance.started");
    expect(run(snippet, body.replace("started", "stopped"))).toMatch(/^refused \w+/);
  });
});
