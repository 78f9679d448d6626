"use client";
import type { FormEventHandler, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import type { ApiError } from "@/store/api-error";
import { FormError } from "./form-alert";

type AccountCardProps = {
  title: string;
  description?: string | undefined;
  /** Why the API refused the form as a whole; counted, so that each refusal takes the focus. */
  refusal: { attempt: number; error: ApiError | undefined } | null;
  note: string;
  saveLabel: string;
  saving: boolean;
  /** There is nothing to save. */
  idle?: boolean | undefined;
  onSubmit: FormEventHandler;
  children: ReactNode;
};

/** One part of the account that is saved by itself. */
export function AccountCard(props: AccountCardProps) {
  const { title, description, refusal, note, saveLabel, saving, idle = false, onSubmit, children } = props;
  return (
    <Card>
      <CardHeader title={title} description={description} />
      <form onSubmit={onSubmit} noValidate>
        <CardBody className="flex flex-col gap-4">
          {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
          <div className="flex max-w-md flex-col gap-4">{children}</div>
        </CardBody>
        <CardFooter>
          <p>{note}</p>
          <Button type="submit" variant="primary" loading={saving} disabled={idle && !saving}>
            {saveLabel}
          </Button>
        </CardFooter>
      </form>
    </Card>
  );
}
