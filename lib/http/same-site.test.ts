import { expect, test } from "vitest";
import { requireSameSite } from "@/lib/http/same-site";

const HOST = "console.example";

function accepted(headers: Record<string, string>, method = "POST"): boolean {
  try {
    requireSameSite(new Request(`http://${HOST}/api/v1/me`, { method, headers: { host: HOST, ...headers } }));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "cross_site_request" });
    return false;
  }
}

test.each([
  ["our own page", { "sec-fetch-site": "same-origin" }, true],
  ["the address bar", { "sec-fetch-site": "none" }, true],
  ["another site", { "sec-fetch-site": "cross-site" }, false],
  ["a neighbour under our domain", { "sec-fetch-site": "same-site" }, false],
  ["another site that pretends in Origin", { "sec-fetch-site": "cross-site", origin: `http://${HOST}` }, false],
  ["an older browser on our page", { origin: `http://${HOST}` }, true],
  ["an older browser on our page under the configured address", { origin: "http://localhost:3000" }, true],
  ["an older browser elsewhere", { origin: "http://evil.example" }, false],
  ["an older browser on another port", { origin: `http://${HOST}:8080` }, false],
  ["a sandboxed frame", { origin: "null" }, false],
  ["no browser", {}, true],
])("a change from %s", (_what, headers, expected) => {
  expect(accepted(headers)).toBe(expected);
});

test("reading is open", () => {
  expect(accepted({ "sec-fetch-site": "cross-site", origin: "http://evil.example" }, "GET")).toBe(true);
});
