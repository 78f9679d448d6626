"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ConfigVersion } from "@/lib/contracts/config-versions";
import { useGetConfigVersionQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { editorHref } from "./links";
import { versionWords } from "./words";

/** The text of a version, as it was committed. */
export function VersionDialog({ version, trigger }: { version: ConfigVersion; trigger: ReactNode }) {
  return (
    <Dialog
      trigger={trigger}
      size="lg"
      title={versionWords(version)}
      description={version.message === "" ? "Committed without a message." : version.message}
    >
      <VersionText version={version} />
    </Dialog>
  );
}

function VersionText({ version }: { version: ConfigVersion }) {
  const { config, arg, blocked } = useConfig();
  const { data, error, isFetching, refetch } = useGetConfigVersionQuery({ ...arg, versionId: version.id });
  return (
    <>
      <DialogBody>
        {data ? (
          <CodeBlock
            code={data.source}
            label={`${versionWords(version)}, ${data.format.toUpperCase()}`}
            copyLabel="Copy text"
          />
        ) : error ? (
          <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : (
          <SkeletonRows rows={4} label="Loading the text" />
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Close</Button>
        </DialogClose>
        {blocked !== undefined || version.variant_deleted ? null : (
          <Button asChild variant="primary">
            <Link href={editorHref(config.id, { variant: version.variant, from: version.id })}>Edit from here</Link>
          </Button>
        )}
      </DialogFooter>
    </>
  );
}
