import { Hourglass, Lock, type LucideIcon, TriangleAlert, User, Users, Wrench } from "lucide-react";
import type { Bar, BarKind } from "@/lib/contracts/calendar";

/** How a stretch on the calendar or the gantt looks: told apart by icon, word and pattern, never by colour alone. */
export type BarLook = {
  /** In one or two words, for legends and accessible names. */
  word: string;
  icon: LucideIcon;
  /** Ground, text and outline; the patterns are in app/reservations.css. */
  className: string;
};

/** Solid ground: confirmed. Heavy outline: mine. Hatched: maintenance. Cross-hatched: outage. */
export const BAR_LOOKS: Record<BarKind, BarLook> = {
  mine: { word: "Mine", icon: User, className: "bar bar-mine" },
  team: { word: "My team", icon: Users, className: "bar bar-team" },
  others: { word: "Other projects", icon: Lock, className: "bar bar-others" },
  maintenance: { word: "Maintenance", icon: Wrench, className: "bar bar-maintenance" },
  outage: { word: "Outage", icon: TriangleAlert, className: "bar bar-outage" },
};

/** What is held is whoever's it is, with a dashed outline on an open ground. */
export const HELD_LOOK: BarLook = { word: "Held", icon: Hourglass, className: "bar-held" };

/** The look of one stretch. */
export function lookOf({ kind, held }: Pick<Bar, "kind" | "held">): BarLook {
  const look = BAR_LOOKS[kind];
  if (!held) return look;
  return {
    word: `${look.word}, held`,
    icon: HELD_LOOK.icon,
    className: `${look.className} ${HELD_LOOK.className}`,
  };
}

/** What stands on it: its title; without one, whose it is. */
export function nameOf({ kind, title }: Pick<Bar, "kind" | "title">): string {
  if (title !== null && title !== "") return title;
  if (kind === "others") return "Another project";
  if (kind === "mine" || kind === "team") return "Untitled booking";
  return BAR_LOOKS[kind].word;
}
