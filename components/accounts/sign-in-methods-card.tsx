"use client";
import { KeyRound, Link2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { SignInMethod } from "@/lib/contracts/profile";
import { useSignOutEverywhereMutation, useUnlinkSignInMethodMutation } from "@/store/profile-api";
import { OAuthButtons, type Provider } from "./oauth-buttons";

type SignInMethodsCardProps = { methods: readonly SignInMethod[]; providers: readonly Provider[] };

/** The ways in, what can be linked, and the way out everywhere. */
export function SignInMethodsCard({ methods, providers }: SignInMethodsCardProps) {
  const [unlink] = useUnlinkSignInMethodMutation();
  const [signOut] = useSignOutEverywhereMutation();
  const linkable = providers.filter(({ name }) => !methods.some((method) => method.name === name));
  return (
    <Card>
      <CardHeader
        title="Ways to sign in"
        actions={
          <ConfirmDialog
            trigger={<Button size="sm">Sign out everywhere else</Button>}
            title="Sign out everywhere else?"
            description="Every other browser that is signed in as you has to sign in again. API keys keep working."
            confirmLabel="Sign out elsewhere"
            tone="primary"
            onConfirm={async () => {
              await signOut().unwrap();
              toast.success("Every other session has ended");
            }}
            describeError={errorWords}
          />
        }
      />
      <ul className="divide-y divide-line">
        {methods.map((method) => (
          <li key={method.id ?? "password"} className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm">
            {method.kind === "password" ? (
              <KeyRound aria-hidden="true" className="size-4 text-ink-muted" />
            ) : (
              <Link2 aria-hidden="true" className="size-4 text-ink-muted" />
            )}
            <span className="min-w-0 flex-1">
              <span className="font-medium">{method.name}</span>
              {method.created_at === null ? null : (
                <span className="block text-ink-muted text-xs">
                  Linked <RelativeTime value={method.created_at} />
                </span>
              )}
            </span>
            {method.id === null ? null : (
              <ConfirmDialog
                trigger={
                  <GuardedButton
                    size="sm"
                    aria-label={`Unlink ${method.name}`}
                    blocked={
                      method.removable
                        ? undefined
                        : "This is your only way to sign in. Set a password or link another provider first."
                    }
                  >
                    Unlink
                  </GuardedButton>
                }
                title={`Unlink ${method.name}?`}
                description="You can no longer sign in with it. Linking it again is possible at any time while you are signed in."
                confirmLabel="Unlink"
                onConfirm={async () => {
                  await unlink({ identityId: method.id ?? "" }).unwrap();
                  toast.success(`${method.name} is unlinked`);
                }}
                describeError={errorWords}
              />
            )}
          </li>
        ))}
      </ul>
      {linkable.length === 0 ? null : (
        <CardBody className="flex max-w-md flex-col gap-3 border-line border-t">
          <OAuthButtons providers={linkable} returnTo="/app/account" purpose="link" />
        </CardBody>
      )}
    </Card>
  );
}
