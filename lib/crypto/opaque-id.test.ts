import { expect, it } from "vitest";
import { opaqueId } from "@/lib/crypto/opaque-id";

it("is the same for the same thing and reader, another for any other, and tells nothing of it", () => {
  const value = "rsv_01k6q3v9y2e8pb5m7d4tzwx0ha";
  const id = opaqueId("calendar of a", value);
  expect(opaqueId("calendar of a", value)).toBe(id);
  expect(opaqueId("calendar of b", value)).not.toBe(id);
  expect(opaqueId("calendar of a", `${value}x`)).not.toBe(id);
  expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(Buffer.from(id, "base64url").toString("latin1")).not.toContain(value.slice(-6));
});

it("does not mix up where the context ends", () => {
  expect(opaqueId("a", "b\nc")).not.toBe(opaqueId("a\nb", "c"));
});
