/**
 * What signing in may answer instead of a session. The log-in page gets one of these in `?error=`, and shows the
 * message that belongs to it: the text of a URL is never shown, since anybody can make up a URL.
 */
const SIGN_IN_ERRORS = {
  CredentialsSignin: "Wrong e-mail or password.",
  NoInvitation: "There is no account for you here yet. Ask an owner or admin of a project to invite this address.",
  EmailNotVerified: "That provider does not confirm that the e-mail address is yours. Sign in another way.",
  SignInFirst:
    "There is an account with this address already. Sign in to it as you usually do; signed in, you can add this way of signing in.",
  IdentityInUse: "That sign-in belongs to another account of this console. Sign out first to use it.",
  OAuthSignin: "The provider could not be reached. Try again, or sign in another way.",
  OAuthCallback: "The provider did not complete the sign-in. Try again, or sign in another way.",
  Callback: "Something went wrong on our side. Try again.",
  Unavailable: "The database cannot be reached. Try again in a moment.",
  Configuration: "Signing in is not set up correctly. The server's log says why.",
  SessionRequired: "Sign in to see this page.",
} as const;

export type SignInErrorCode = keyof typeof SIGN_IN_ERRORS;

/** How a refusal for too many attempts travels in `?error=`. */
export function tooManyAttemptsCode(seconds: number): string {
  return `TooManyAttempts.${seconds}`;
}

/** The message for the value of `?error=`; null when there is none. */
export function signInErrorMessage(error: string | null | undefined): string | null {
  if (!error) return null;
  const seconds = /^TooManyAttempts\.(\d{1,5})$/.exec(error)?.[1];
  if (seconds !== undefined) return `Too many attempts, try again in ${seconds} s.`;
  return isSignInErrorCode(error) ? SIGN_IN_ERRORS[error] : "Signing in failed. Try again.";
}

/** Where to go after signing in: a path of this console, or the start for anything else. */
export function safeReturnPath(path: string | null | undefined): string {
  return path && /^\/(?![/\\])[^\\\s]*$/.test(path) ? path : "/app";
}

function isSignInErrorCode(text: string): text is SignInErrorCode {
  return Object.hasOwn(SIGN_IN_ERRORS, text);
}
