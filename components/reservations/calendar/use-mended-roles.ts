import { type RefObject, useEffect } from "react";

const ROLES = '[role="table"], [role="rowgroup"], [role="row"], [role="cell"]';

/**
 * The library calls its month a table, but puts into its rows what is no cell. Whoever hears the page would get a broken
 * table; without those roles they get what it is: a list of days and of bookings, each of which says all about itself.
 * And the hours of the week scroll by themselves, which a keyboard can do only when they take the focus.
 */
export function useMendedRoles(container: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const mend = () => {
      for (const month of element.querySelectorAll(".rbc-month-view")) {
        for (const wrong of [month, ...month.querySelectorAll(ROLES)]) {
          wrong.setAttribute("role", "presentation");
          wrong.removeAttribute("aria-label");
        }
      }
      // Each once: the browser lays out the whole page for a tabindex that is set, and at every step of a drag we are here.
      for (const hours of element.querySelectorAll(".rbc-time-content:not([tabindex])")) {
        hours.setAttribute("tabindex", "0");
        hours.setAttribute("role", "group");
        hours.setAttribute("aria-label", "Hours");
      }
    };
    mend();
    const observer = new MutationObserver(mend);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [container]);
}
