"use client";
import Link from "next/link";
import { Fragment } from "react";
import { inlineLinkClass } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { creditsWords } from "./money-words";

/** Reservations belong to the premium plan, and this project is not on it. */
export function PlanNotice() {
  const { project, user } = useProject();
  return (
    <Alert tone="caution" title="Reserving GPUs is part of the premium plan">
      {project.name} is on the free plan: you can look at pools, prices and free times, but not book.{" "}
      {user.isAdmin ? (
        <>
          You run this installation: change the plan under{" "}
          <Link href="/app/admin/fleet" className={inlineLinkClass}>
            Fleet
          </Link>
          .
        </>
      ) : (
        "Whoever runs this installation can change the plan."
      )}
    </Alert>
  );
}

/** How many credits are missing, and where they come from. */
export function ShortfallNotice({ shortfallMicros, live = false }: { shortfallMicros: number | null; live?: boolean }) {
  const { user } = useProject();
  const places = [
    <>
      see what is held and what comes back on the{" "}
      <Link href="/app/credits" className={inlineLinkClass}>
        Credits page
      </Link>
    </>,
    user.isAdmin ? "grant more there, since you run this installation" : "ask whoever runs this installation for more",
    "or book fewer GPUs or less time",
  ];
  return (
    <Alert
      tone="danger"
      live={live}
      title={
        shortfallMicros === null
          ? "There are not enough credits"
          : `${creditsWords(shortfallMicros)} ${shortfallMicros === 1_000_000 ? "is" : "are"} missing`
      }
    >
      Reservations are prepaid. Credits come with the plan each month and from grants. To go on,{" "}
      {places.map((place, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <Fragment key={index}>
          {index === 0 ? "" : ", "}
          {place}
        </Fragment>
      ))}
      .
    </Alert>
  );
}
