import { describe, expect, test } from "vitest";
import { requestWebhookErrors, requestWebhookField, requestWebhookOf } from "./request-webhook-values";

const typed = (webhook_url: string, webhook_secret = "") => ({ webhook_url, webhook_secret });

describe("the webhook that a call brings along", () => {
  test("is nothing while nothing is typed, and has a secret only when one is", () => {
    expect(requestWebhookOf(typed(" "))).toEqual({});
    expect(requestWebhookErrors(typed(""))).toEqual({});
    expect(requestWebhookOf(typed(" https://example.com/a "))).toEqual({ webhook: { url: "https://example.com/a" } });
    const secret = " blanks count in secrets ";
    expect(requestWebhookOf(typed("https://example.com/a", secret))).toEqual({
      webhook: { url: "https://example.com/a", secret },
    });
  });

  test.each([
    ["a secret without a URL", typed("", "0123456789abcdef"), { webhook_url: expect.stringContaining("URL") }],
    ["what is no URL", typed("example.com"), { webhook_url: expect.stringContaining("https://") }],
    ["another scheme", typed("ftp://example.com"), { webhook_url: expect.stringContaining("https://") }],
    ["a URL that is cut off", typed("https://"), { webhook_url: expect.stringContaining("https://") }],
    ["a short secret", typed("https://example.com", "short"), { webhook_secret: expect.stringContaining("16") }],
  ])("tells what is wrong with %s beside its field", (_name, values, expected) => {
    expect(requestWebhookErrors(values)).toEqual(expected);
  });

  test("has the errors of the API at its fields", () => {
    expect(requestWebhookField("webhook.url")).toBe("webhook_url");
    expect(requestWebhookField("webhook")).toBe("webhook_url");
    expect(requestWebhookField("webhook.secret")).toBe("webhook_secret");
    expect(requestWebhookField("title")).toBeNull();
  });
});
