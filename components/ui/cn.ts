import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** The scale adds one font size to Tailwind's; unnamed here, `text-2xs` would be taken for a colour and dropped. */
const merge = extendTailwindMerge({
  extend: { theme: { text: ["2xs"], shadow: ["pop", "control"] } },
});

/** Joins class names; of two that set the same property the later wins, so that callers can override a component. */
export function cn(...inputs: ClassValue[]): string {
  return merge(clsx(inputs));
}
