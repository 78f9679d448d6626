/** How the API's lists are read on: each page names where the next one begins, the last one null. */
export const cursorPages = {
  initialPageParam: null,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
};
