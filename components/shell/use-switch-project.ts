import { usePathname, useRouter } from "next/navigation";
import { useCallback } from "react";

const COOKIE = "dumont_project";
/** Seconds: a year. */
const COOKIE_MAX_AGE = 365 * 24 * 3600;

/**
 * Shows another project: the same section, since ids in the present address belong to the project that is left. Only a
 * preference of this browser; the server checks the membership anew for every page.
 */
export function useSwitchProject(sections: readonly { href: string }[]): (projectId: string) => void {
  const router = useRouter();
  const pathname = usePathname();
  return useCallback(
    (projectId: string) => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
      document.cookie = `${COOKIE}=${encodeURIComponent(projectId)}; path=/; max-age=${COOKIE_MAX_AGE}; samesite=lax`;
      const section = sections
        .map(({ href }) => href)
        .filter((href) => pathname === href || pathname.startsWith(`${href}/`))
        .sort((a, b) => b.length - a.length)[0];
      router.push(section ?? "/app");
      router.refresh();
    },
    [pathname, router, sections],
  );
}
