import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/accounts/setup-form";
import { AuthCard } from "@/components/shell/auth-card";
import { currentUser } from "@/lib/accounts/session";
import { isSetUp } from "@/lib/accounts/setup";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Set up" };

/** Only for an installation without any account. */
export default async function SetupPage() {
  if (await isSetUp()) redirect((await currentUser()) ? "/app" : "/login");
  return (
    <AuthCard title="Set up Dumont" description="You become the owner of this installation's first project.">
      <SetupForm demoIsSet={env.DUMONT_DEMO ?? false} />
    </AuthCard>
  );
}
