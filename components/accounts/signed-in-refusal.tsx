"use client";
import Link from "next/link";
import { signOut } from "next-auth/react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";

/** For somebody who is signed in and came back from another provider without success. */
export function SignedInRefusal({ message, returnTo }: { message: string; returnTo: string }) {
  return (
    <div className="flex flex-col gap-5">
      <Alert tone="danger" live>
        {message}
      </Alert>
      <div className="flex flex-col gap-2">
        <Button asChild variant="primary">
          <Link href={returnTo}>Go on to the console</Link>
        </Button>
        <Button onClick={() => void signOut({ callbackUrl: "/login" })}>Sign out</Button>
      </div>
    </div>
  );
}
