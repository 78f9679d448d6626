import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LoginForm } from "@/components/accounts/login-form";
import { SignedInRefusal } from "@/components/accounts/signed-in-refusal";
import { AuthCard } from "@/components/shell/auth-card";
import { enabledProviders } from "@/lib/accounts/oauth-providers";
import { currentUser } from "@/lib/accounts/session";
import { isSetUp } from "@/lib/accounts/setup";
import { signInErrorMessage } from "@/lib/contracts/sign-in";
import { publicOrigin } from "@/lib/env";
import { returnPath } from "./return-path";

export const metadata: Metadata = { title: "Sign in" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function LoginPage({ searchParams }: { searchParams: Search }) {
  const { callbackUrl, error } = await searchParams;
  const returnTo = returnPath(one(callbackUrl), publicOrigin);
  const message = signInErrorMessage(one(error));
  const user = await currentUser();
  if (user && message === null) redirect(returnTo);
  if (user && message !== null) {
    return (
      <AuthCard title="That did not work" description={`You are still signed in as ${user.email}.`}>
        <SignedInRefusal message={message} returnTo={returnTo} />
      </AuthCard>
    );
  }
  if (!(await isSetUp())) redirect("/setup");
  return (
    <AuthCard title="Sign in" footer="No account? An owner or admin can invite you.">
      <LoginForm returnTo={returnTo} providers={enabledProviders()} error={message} />
    </AuthCard>
  );
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
