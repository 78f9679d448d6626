"use client";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { LoadError } from "@/components/shell/load-error";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ConfigVariant } from "@/lib/contracts/configurations";
import { useGetConfigVersionQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { useVariant } from "./use-variant";
import { VariantBar } from "./variant-bar";

/** The editor and the parsers are much code that no other page needs. */
const EditorWorkspace = dynamic(() => import("./editor-workspace").then((module) => module.EditorWorkspace), {
  ssr: false,
  loading: () => <SkeletonRows rows={8} label="Loading the editor" />,
});

/** Where versions are written. */
export function EditorScreen() {
  const { variant, setVariant } = useVariant();
  const from = useSearchParams().get("from");
  if (variant === undefined) return null;
  return (
    <>
      <VariantBar variant={variant} onVariant={setVariant} />
      <Loaded key={`${variant.id} ${from}`} variant={variant} from={from} />
    </>
  );
}

function Loaded({ variant, from }: { variant: ConfigVariant; from: string | null }) {
  const { arg } = useConfig();
  const head = useGetConfigVersionQuery(
    { ...arg, versionId: variant.head_id ?? "" },
    { skip: variant.head_id === null },
  );
  const origin = useGetConfigVersionQuery({ ...arg, versionId: from ?? "" }, { skip: from === null });
  const failed = [head, origin].find(({ isError }) => isError);
  if (failed) {
    return <LoadError error={failed.error} onRetry={() => void failed.refetch()} retrying={failed.isFetching} />;
  }
  // A newer head loads beside what is being written: the former one is shown until then.
  const waiting = (variant.head_id !== null && head.data === undefined) || (from !== null && origin.data === undefined);
  if (waiting) return <SkeletonRows rows={8} label="Loading the text" />;
  return <EditorWorkspace variant={variant} head={head.data ?? null} origin={origin.data ?? null} />;
}
