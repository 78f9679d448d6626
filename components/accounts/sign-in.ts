import { getProviders, signIn } from "next-auth/react";
import { signInErrorMessage } from "@/lib/contracts/sign-in";

const NO_ANSWER = "The server does not answer. Check your connection and try again.";
const NO_COOKIES =
  "Your browser did not keep the cookie that signing in needs. Allow cookies for this site and try again.";

/**
 * Signs in with e-mail and password in this browser. To be followed by a full page load: nothing that the page fetched
 * before belongs to this person.
 * @returns why it did not work, in words for the person; null when it did
 */
export async function signInWithPassword(credentials: { email: string; password: string }): Promise<string | null> {
  try {
    // Without an answer signIn() would leave the page, and what was typed would be lost.
    if ((await getProviders()) === null) return NO_ANSWER;
    const result = await signIn("credentials", { ...credentials, redirect: false });
    if (!result) return NO_ANSWER;
    if (result.error) return signInErrorMessage(result.error);
    return isWithoutCookie(result.url) ? NO_COOKIES : null;
  } catch {
    return NO_ANSWER;
  }
}

/** next-auth answers a request whose anti-forgery cookie is missing with the way back to the form, not with an error. */
function isWithoutCookie(url: string | null): boolean {
  return url !== null && URL.parse(url)?.searchParams.has("csrf") === true;
}
