"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import type { ConfigVariant } from "@/lib/contracts/configurations";
import { useConfig } from "./config-context";

/** The variant that the address names, or else the first; a configuration has one at least. */
export function useVariant(): { variant: ConfigVariant | undefined; setVariant: (name: string) => void } {
  const { config } = useConfig();
  const search = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const wanted = search.get("variant");
  return {
    variant: config.variants.find(({ name }) => name === wanted) ?? config.variants[0],
    setVariant: (name) => router.replace(`${pathname}?${new URLSearchParams({ variant: name })}`, { scroll: false }),
  };
}
