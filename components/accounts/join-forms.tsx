"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { signOut } from "next-auth/react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useSwitchProject } from "@/components/shell/use-switch-project";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { acceptInvitationBody } from "@/lib/contracts/accounts";
import { useAcceptInvitationMutation } from "@/store/accounts-api";
import { type ApiError, isApiError } from "@/store/api-error";
import { FormError } from "./form-alert";
import { OAuthButtons, type Provider } from "./oauth-buttons";
import { PasswordField } from "./password-field";
import { placeErrors } from "./place-errors";
import { signInWithPassword } from "./sign-in";

/** For a new account both are needed, which the contract, shared with signed-in people, leaves open. */
const newcomerSchema = acceptInvitationBody.required();

const FIELDS = ["name", "password"] as const;
const NO_SECTIONS: readonly { href: string }[] = [];

type JoinAsProps = { token: string; projectName: string; invited: string; signedIn: string };

/** For somebody who is signed in. The link admits whoever has it, so another address is worth a question, not a refusal. */
export function JoinAs({ token, projectName, invited, signedIn }: JoinAsProps) {
  const { join, isJoining, refusal } = useJoin(token);
  const isSame = signedIn.toLowerCase() === invited.toLowerCase();
  return (
    <div className="flex flex-col gap-4">
      {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
      {isSame ? (
        <Button variant="primary" loading={isJoining} onClick={() => void join({})}>
          Join {projectName}
        </Button>
      ) : (
        <>
          <Alert tone="caution" title="The invitation is for another address">
            You are signed in as <strong className="font-medium text-ink">{signedIn}</strong>. Sign out to join as{" "}
            {invited}.
          </Alert>
          <div className="flex flex-col gap-2">
            <Button
              variant="primary"
              onClick={() => void signOut({ callbackUrl: invitePath(token) })}
              className="h-auto min-h-8 whitespace-normal py-1"
            >
              Sign out and continue as {invited}
            </Button>
            <Button loading={isJoining} onClick={() => void join({})} className="h-auto min-h-8 whitespace-normal py-1">
              Join as {signedIn} instead
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

/** For somebody who has an account but is not signed in. */
export function SignInToJoin({ token, email }: { token: string; email: string }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-muted text-sm">There is an account for {email} already. Sign in to it, then join.</p>
      <Button asChild variant="primary">
        <Link href={`/login?callbackUrl=${encodeURIComponent(invitePath(token))}`}>Sign in to join</Link>
      </Button>
    </div>
  );
}

/** For somebody who is new here: makes the account that the invitation names, joins and signs in. */
export function JoinAsNewcomer({
  token,
  email,
  providers,
}: {
  token: string;
  email: string;
  providers: readonly Provider[];
}) {
  const { join, isJoining, refusal } = useJoin(token);
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(newcomerSchema),
    defaultValues: { name: "", password: "" },
    mode: "onTouched",
  });
  const { errors } = formState;
  const submit = handleSubmit((body) => join(body, (error) => placeErrors({ error, fields: FIELDS, setError })));
  return (
    <div className="flex flex-col gap-5">
      {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
      <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Your name" error={errors.name?.message} required>
          <Input {...register("name")} autoComplete="name" maxLength={100} />
        </Field>
        {/* Not sent; password managers file the password under it. */}
        <input value={email} type="email" autoComplete="username" readOnly hidden />
        <PasswordField
          {...register("password")}
          label="Choose a password"
          purpose="new"
          error={errors.password?.message}
        />
        <Button type="submit" variant="primary" loading={isJoining} className="mt-1">
          Create account and join
        </Button>
      </form>
      <OAuthButtons providers={providers} returnTo="/app" />
    </div>
  );
}

type Joined = { name?: string | undefined; password?: string | undefined };

/** Accepts the invitation, signs in if the account is new, and shows the project. */
function useJoin(token: string) {
  const router = useRouter();
  const [accept] = useAcceptInvitationMutation();
  const show = useSwitchProject(NO_SECTIONS);
  const [isJoining, setJoining] = useState(false);
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);

  const join = async (body: Joined, place?: (error: ApiError) => boolean) => {
    setRefusal(null);
    setJoining(true);
    const { data, error } = await accept({ token, body });
    if (!data) {
      setJoining(false);
      const known = isApiError(error) ? error : undefined;
      if (known && place?.(known)) return;
      setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: known }));
      // Used, withdrawn or expired since the page was loaded: the page then says so itself.
      router.refresh();
      return;
    }
    if (body.password !== undefined) {
      const refused = await signInWithPassword({ email: data.email, password: body.password });
      if (refused !== null) {
        window.location.replace("/login");
        return;
      }
    }
    show(data.project_id);
  };
  return { join, isJoining, refusal };
}

function invitePath(token: string): string {
  return `/invite/${encodeURIComponent(token)}`;
}
