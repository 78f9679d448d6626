import type { Metadata } from "next";
import { InvitationCard } from "@/components/accounts/invitation-card";
import { previewInvitation } from "@/lib/accounts/invitations";
import { enabledProviders } from "@/lib/accounts/oauth-providers";
import { currentUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Invitation" };

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [invitation, user] = await Promise.all([previewInvitation(token), currentUser()]);
  return <InvitationCard token={token} invitation={invitation} user={user} providers={enabledProviders()} />;
}
