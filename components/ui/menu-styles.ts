import { cn } from "./cn";

export const menuPanelClass = cn(
  "z-50 min-w-44 overflow-y-auto overflow-x-hidden rounded-lg bg-surface-raised p-1 text-ink text-sm shadow-pop outline-none",
  "data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in",
);

export const menuItemClass = cn(
  "relative flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 outline-none pointer-coarse:py-3",
  "data-[disabled]:pointer-events-none data-[highlighted]:bg-hover data-[disabled]:opacity-50",
  "[&_svg]:size-4 [&_svg]:shrink-0 [&>svg]:text-ink-muted",
);
