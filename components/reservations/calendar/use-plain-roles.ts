import { type RefObject, useEffect } from "react";

const ROLES = '[role="table"], [role="rowgroup"], [role="row"], [role="cell"]';

/**
 * The library calls its month a table, but puts into its rows what is no cell. Whoever hears the page would get a broken
 * table; without those roles they get what it is: a list of days and of bookings, each of which says all about itself.
 */
export function usePlainRoles(container: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const mend = () => {
      for (const part of element.querySelectorAll(".rbc-month-view")) {
        for (const wrong of [part, ...part.querySelectorAll(ROLES)]) {
          wrong.setAttribute("role", "presentation");
          wrong.removeAttribute("aria-label");
        }
      }
    };
    mend();
    const observer = new MutationObserver(mend);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [container]);
}
