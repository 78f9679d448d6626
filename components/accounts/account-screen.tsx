"use client";
import { Download } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { useListSignInMethodsQuery } from "@/store/profile-api";
import { DeleteAccountDialog } from "./delete-account-dialog";
import type { Provider } from "./oauth-buttons";
import { EmailForm, NameForm, PasswordForm } from "./profile-forms";
import { SignInMethodsCard } from "./sign-in-methods-card";

/** One's own account, the same in every project. */
export function AccountScreen({ providers }: { providers: readonly Provider[] }) {
  const { data: methods, error, refetch, isFetching } = useListSignInMethodsQuery();
  const hasPassword = methods?.some(({ kind }) => kind === "password") ?? true;
  return (
    <>
      <PageHeader title="Account" description="Yours in every project." />
      <NameForm />
      {methods === undefined ? (
        error ? (
          <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : (
          <div role="status" aria-label="Loading how you sign in" className="flex flex-col gap-4">
            <Skeleton className="h-40" />
            <Skeleton className="h-40" />
          </div>
        )
      ) : (
        <>
          <EmailForm hasPassword={hasPassword} />
          <PasswordForm key={String(hasPassword)} hasPassword={hasPassword} />
          <SignInMethodsCard methods={methods} providers={providers} />
        </>
      )}
      <Card>
        <CardHeader title="Your data" description="Everything that is kept about you, as one JSON file." />
        <CardBody>
          <Button asChild>
            <a href="/api/v1/me/export" download>
              <Download aria-hidden="true" />
              Download
            </a>
          </Button>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="Delete account" description="Shows first what would become of each project." />
        <CardBody>
          <DeleteAccountDialog />
        </CardBody>
      </Card>
    </>
  );
}
