import { describe, expect, it } from "vitest";
import { jwksUrl, OVERLAPS, rotationWords } from "@/components/webhooks/signing-words";
import { SECRET_LIMITS } from "@/lib/contracts/signing";
import { getJwks, regenerateSecretBody } from "@/lib/contracts/webhook-secrets";

describe("the overlaps offered", () => {
  it("are all that the API takes, its default among them", () => {
    for (const { seconds } of OVERLAPS)
      expect(regenerateSecretBody.safeParse({ overlap_s: seconds }).success).toBe(true);
    expect(OVERLAPS.map(({ seconds }) => seconds)).toEqual(
      expect.arrayContaining([0, SECRET_LIMITS.overlap, SECRET_LIMITS.longestOverlap]),
    );
  });
});

describe("rotationWords", () => {
  it("warn where receivers will refuse what they get, and name the overlap otherwise", () => {
    expect(rotationWords({ overlapS: 0, from: "hmac", to: "hmac" })).toContain("stops signing at once");
    for (const { seconds, label } of OVERLAPS.slice(1)) {
      expect(rotationWords({ overlapS: seconds, from: "hmac", to: "hmac" })).toContain(`for ${label} the old one`);
    }
  });

  it("tell what a change of the kind of signature means", () => {
    expect(rotationWords({ overlapS: 3600, from: "hmac", to: "ed25519" })).toContain("X-Webhook-Signature ends");
    expect(rotationWords({ overlapS: 3600, from: "ed25519", to: "hmac" })).toContain("new shared secret");
  });
});

describe("jwksUrl", () => {
  it("is the address of the API's operation", () => {
    expect(jwksUrl("https://d.example", "wh_1")).toBe(
      `https://d.example/api/v1${getJwks.path.replace("{webhook_id}", "wh_1")}`,
    );
  });
});
