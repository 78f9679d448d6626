"use client";
import { getProviders, signIn } from "next-auth/react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";

/** A configured way to sign in beside e-mail and password. */
export type Provider = { id: string; name: string };

type OAuthButtonsProps = {
  providers: readonly Provider[];
  returnTo: string;
  /** "link" adds the provider to the account that is signed in. */
  purpose?: "sign-in" | "link" | undefined;
};

/** The other ways to sign in; nothing when none is configured. */
export function OAuthButtons({ providers, returnTo, purpose = "sign-in" }: OAuthButtonsProps) {
  const [leaving, setLeaving] = useState<string | null>(null);
  if (providers.length === 0) return null;

  const leave = async (id: string) => {
    setLeaving(id);
    try {
      // Without an answer signIn() would lead to a page that is not there either.
      if ((await getProviders()) === null) throw new Error("no answer");
      await signIn(id, { callbackUrl: returnTo });
    } catch {
      setLeaving(null);
      toast.error("The server does not answer", { description: "Check your connection and try again." });
    }
  };
  return (
    <>
      {purpose === "link" ? null : (
        <div className="flex items-center gap-3 text-ink-muted text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          or
        </div>
      )}
      <div className="flex flex-col gap-2">
        {providers.map(({ id, name }) => (
          <Button key={id} onClick={() => void leave(id)} loading={leaving === id} className="w-full">
            {purpose === "link" ? "Link" : "Continue with"} {name}
          </Button>
        ))}
      </div>
    </>
  );
}
