import { describe, expect, it } from "vitest";
import {
  fieldOf,
  isMasked,
  NEW_WEBHOOK,
  splitList,
  toCreateBody,
  toFormValues,
  toPreviewBody,
  toUpdateBody,
  type WebhookFormValues,
  webhookFormSchema,
} from "@/components/webhooks/form-schema";
import { createWebhookBody, updateWebhookBody, type Webhook } from "@/lib/contracts/webhooks";

const valid: WebhookFormValues = { ...NEW_WEBHOOK, url: "https://example.com/hook", event_types: ["instance.*"] };
const stored: Webhook = {
  id: "wh_1",
  url: "https://example.com/hook",
  description: "Billing",
  event_types: ["instance.started", "user.*"],
  enabled: false,
  has_secret: true,
  signing: "hmac",
  public_key: null,
  previous_secrets: [],
  ordering: "strict",
  order_key: "data.instance_id",
  retry: { delays_s: [5, 60] },
  headers: { Authorization: "••••••", "X-Team": "ml" },
  filter: {
    applications: ["train", "serve"],
    labels: { tier: "gold" },
    payload: { "data.gpu_count": { $gte: 8 } },
  },
  source: "console",
  file: null,
  max_in_flight: 4,
  rate_limit: null,
  status: "disabled",
  condition: {
    since: "2026-11-01T00:00:00.000Z",
    failing_since: null,
    consecutive_failures: 0,
    last_failure: null,
    paused_until: null,
    disabled_reason: "manual",
  },
  created_at: "2026-11-01T00:00:00.000Z",
  updated_at: "2026-11-01T00:00:00.000Z",
};

function messages(values: WebhookFormValues): Record<string, string> {
  const issues = webhookFormSchema.safeParse(values).error?.issues ?? [];
  return Object.fromEntries(issues.map((issue) => [issue.path.join("."), issue.message]));
}

describe("bodies", () => {
  it("of a new webhook are what the contract accepts", () => {
    expect(webhookFormSchema.safeParse(valid).success).toBe(true);
    const body = createWebhookBody.parse(toCreateBody(valid));
    expect(body).not.toHaveProperty("secret");
    expect(body).toMatchObject({ url: "https://example.com/hook", retry: { preset: "quick" }, filter: null });
  });

  it("tell a generated secret, one's own and none apart", () => {
    const own = toCreateBody({ ...valid, secret_mode: "own", secret: "0123456789abcdef" });
    expect(own.secret).toBe("0123456789abcdef");
    expect(toCreateBody({ ...valid, secret_mode: "none", secret: "left over" }).secret).toBeNull();
    expect(toCreateBody({ ...valid, secret: "left over" })).not.toHaveProperty("secret");
  });

  it("give back an unchanged webhook unchanged, masks included", () => {
    const body = updateWebhookBody.parse(toUpdateBody(toFormValues(stored)));
    const {
      id,
      enabled,
      has_secret,
      file,
      signing,
      public_key,
      previous_secrets,
      source,
      status,
      condition,
      created_at,
      updated_at,
      ...editable
    } = stored;
    expect(body).toEqual(editable);
  });

  it("send no order key without strict order, which the API would refuse", () => {
    expect(toUpdateBody({ ...toFormValues(stored), ordering: "unordered" }).order_key).toBeNull();
  });

  it("leave empty rows out and keep a header without a value", () => {
    const headers = [
      { name: "", value: "" },
      { name: " X-Flag ", value: "" },
    ];
    expect(toCreateBody({ ...valid, headers }).headers).toEqual({ "X-Flag": "" });
  });
});

describe("the form's rules", () => {
  it("name every wrong field", () => {
    const wrong = messages({
      ...valid,
      url: "",
      event_types: [],
      secret_mode: "own",
      secret: "short",
      retry_mode: "own",
      delays: "2, x",
      ordering: "strict",
      order_key: "data..id",
      headers: [
        { name: "", value: "v" },
        { name: "X-A", value: "1" },
        { name: "x-a", value: "2" },
      ],
      labels: [{ name: "", value: "v" }],
      payload: '{"data.gpu_type": {"$regex": "H100"}}',
      max_in_flight: "many",
      rate_limit: "0",
    });
    expect(Object.keys(wrong).sort()).toEqual([
      "delays",
      "event_types",
      "headers.0.name",
      "headers.2.name",
      "labels.0.name",
      "max_in_flight",
      "order_key",
      "payload",
      "rate_limit",
      "secret",
      "url",
    ]);
    expect(wrong.secret).toMatch(/at least 16/);
    expect(wrong.payload).toMatch(/^Line 1, data\.gpu_type\.\$regex: .*\$startsWith/);
    expect(wrong.max_in_flight).toBe("Give a whole number of requests");
    expect(wrong.rate_limit).toMatch(/no value means no limit/);
  });

  it("do not look at what is switched off", () => {
    expect(messages({ ...valid, secret: "short", delays: "x", order_key: ".." })).toEqual({});
  });
});

describe("toPreviewBody", () => {
  it("needs only the fields that it depends on", () => {
    const values = { ...NEW_WEBHOOK, event_types: ["*"], environments: "production", payload: '{"data.x": 1}' };
    expect(toPreviewBody(values)).toEqual({
      event_types: ["*"],
      filter: { environments: ["production"], payload: { "data.x": 1 } },
    });
    expect(toPreviewBody({ ...NEW_WEBHOOK, event_types: ["*"] })).toEqual({ event_types: ["*"], filter: null });
  });

  it("waits for what is not right yet", () => {
    expect(toPreviewBody(NEW_WEBHOOK)).toBeNull();
    expect(toPreviewBody({ ...NEW_WEBHOOK, event_types: ["*"], payload: '{"data.x": ' })).toBeNull();
    expect(toPreviewBody({ ...NEW_WEBHOOK, event_types: ["*"], payload: '{"data.x": {"$where": "1"}}' })).toBeNull();
    expect(toPreviewBody({ ...NEW_WEBHOOK, event_types: ["*"], applications: "x".repeat(101) })).toBeNull();
  });
});

describe("fieldOf", () => {
  const values = { ...valid, headers: [{ name: "X-A", value: "" }], labels: [{ name: "a.b", value: "" }] };

  it.each([
    ["url", "url"],
    ["event_types[2]", "event_types"],
    ["retry.delays_s[0]", "delays"],
    ["headers.X-A", "headers.0.name"],
    ["headers.Gone", "headers"],
    ["headers", "headers"],
    ["filter.labels.a.b", "labels.0.name"],
    ["filter.environments[0]", "environments"],
    ["filter.payload.data.x.$regex", "payload"],
    ["order_key", "order_key"],
    ["rate_limit", "rate_limit"],
    ["colour", null],
  ])("of %s is %s", (field, expected) => {
    expect(fieldOf({ field }, values)).toBe(expected);
  });
});

describe("isMasked", () => {
  it("is true of the mask alone", () => {
    expect([isMasked("••••••"), isMasked(""), isMasked("Bearer x"), isMasked("••x")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("splitList", () => {
  it("trims and drops blanks", () => {
    expect(splitList(" train, ,serve ,")).toEqual(["train", "serve"]);
  });
});
