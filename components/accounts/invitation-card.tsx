"use client";
import { Clock, LinkIcon, MailCheck } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { AuthCard } from "@/components/shell/auth-card";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { Timestamp } from "@/components/ui/timestamp";
import { ROLE_DESCRIPTIONS, type Role } from "@/lib/contracts/permissions";
import { JoinAs, JoinAsNewcomer, SignInToJoin } from "./join-forms";
import type { Provider } from "./oauth-buttons";

export type InvitationCardProps = {
  token: string;
  /** What the link stands for; null for one that is unknown, withdrawn or replaced. */
  invitation: {
    projectName: string;
    email: string;
    role: Role;
    state: "open" | "accepted" | "expired";
    hasAccount: boolean;
    expiresAt: string;
  } | null;
  /** Who is signed in in this browser. */
  user: { email: string } | null;
  providers: readonly Provider[];
};

/** The page behind an invitation link: what it is an invitation to, and the way in that fits who opened it. */
export function InvitationCard({ token, invitation, user, providers }: InvitationCardProps) {
  if (invitation === null) {
    return (
      <DeadLink icon={<LinkIcon />} title="This invitation is not valid" user={user}>
        It was withdrawn or replaced by a newer one, or the link is incomplete. Ask whoever invited you for a new one.
      </DeadLink>
    );
  }
  const { projectName, email, role, state, hasAccount, expiresAt } = invitation;
  if (state === "accepted") {
    return (
      <DeadLink icon={<MailCheck />} title="This invitation was used" user={user}>
        Somebody has joined {projectName} with it; each link works once.
        {user === null ? " If that was you, sign in." : " If that was not you, ask for a new one."}
      </DeadLink>
    );
  }
  if (state === "expired") {
    return (
      <DeadLink icon={<Clock />} title="This invitation has expired" user={user}>
        Links to join {projectName} work for 7 days. Ask whoever invited you for a new one.
      </DeadLink>
    );
  }
  return (
    <AuthCard title={`Join ${projectName}`} description="You are invited to work on this project in Dumont.">
      <KeyValueList className="mb-6 border-line border-y">
        <KeyValue label="For">{email}</KeyValue>
        <KeyValue label="Role">
          <Badge>{role}</Badge>
          <span className="mt-1 block text-ink-muted text-xs">{ROLE_DESCRIPTIONS[role]}</span>
        </KeyValue>
        <KeyValue label="Link">
          Works once, until <Timestamp value={expiresAt} date="always" />
        </KeyValue>
      </KeyValueList>
      {user ? (
        <JoinAs token={token} projectName={projectName} invited={email} signedIn={user.email} />
      ) : hasAccount ? (
        <SignInToJoin token={token} email={email} />
      ) : (
        <JoinAsNewcomer token={token} email={email} providers={providers} />
      )}
    </AuthCard>
  );
}

type DeadLinkProps = Pick<InvitationCardProps, "user"> & { icon: ReactNode; title: string; children: ReactNode };

function DeadLink({ icon, title, user, children }: DeadLinkProps) {
  return (
    <AuthCard
      title={
        <>
          <span
            aria-hidden="true"
            className="mb-4 flex size-10 items-center justify-center rounded-lg border border-line bg-surface-sunken text-ink-muted [&_svg]:size-5"
          >
            {icon}
          </span>
          {title}
        </>
      }
      description={children}
    >
      <Button asChild variant="primary" className="w-full">
        {user === null ? <Link href="/login">Sign in</Link> : <Link href="/app">Go to the console</Link>}
      </Button>
    </AuthCard>
  );
}
