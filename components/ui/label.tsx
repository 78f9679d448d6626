import { Label as RadixLabel } from "radix-ui";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";

export function Label({ className, ...props }: ComponentPropsWithRef<typeof RadixLabel.Root>) {
  return <RadixLabel.Root className={cn("select-none font-medium text-ink text-sm", className)} {...props} />;
}
