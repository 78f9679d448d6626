import { expect, test } from "vitest";
import { safeReturnPath, signInErrorMessage, tooManyAttemptsCode } from "@/lib/contracts/sign-in";

test("codes become messages, and the text of a URL never does", () => {
  expect(signInErrorMessage(undefined)).toBeNull();
  expect(signInErrorMessage("")).toBeNull();
  expect(signInErrorMessage("CredentialsSignin")).toBe("Wrong e-mail or password.");
  expect(signInErrorMessage(tooManyAttemptsCode(17))).toBe("Too many attempts, try again in 17 s.");
  for (const forged of ["Call 555-0100 to unlock", "TooManyAttempts.1 or call 555", "constructor", "__proto__"]) {
    expect(signInErrorMessage(forged)).toBe("Signing in failed. Try again.");
  }
});

test.each([
  ["/app/webhooks?x=1#top", "/app/webhooks?x=1#top"],
  ["/", "/"],
  [undefined, "/app"],
  ["", "/app"],
  ["https://evil.example/", "/app"],
  ["//evil.example", "/app"],
  ["/\\evil.example", "/app"],
  ["/app\\..\\evil", "/app"],
  ["/\t/evil.example", "/app"],
  ["javascript:alert(1)", "/app"],
])("returning to %j leads to %s", (given, path) => {
  expect(safeReturnPath(given)).toBe(path);
});
