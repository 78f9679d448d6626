import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { ApiError } from "@/store/api-error";
import { PagedList, type PagedListProps } from "./paged-list";

type Props = PagedListProps<string>;

const ERROR: ApiError = {
  status: 500,
  problem: {
    type: "about:blank",
    title: "It failed",
    status: 500,
    detail: "It did not work.",
    code: "internal",
    request_id: "req_list",
    errors: [],
  },
};
const IDLE: Props["query"] = {
  isError: false,
  isFetching: false,
  refetch: () => undefined,
  hasNextPage: false,
  isFetchingNextPage: false,
  fetchNextPage: () => undefined,
};

const pagesOf = (...pages: string[][]) => ({ pages: pages.map((data) => ({ data })) });
const answered = (...pages: string[][]) => ({ data: pagesOf(...pages), currentData: pagesOf(...pages) });
/** Another search than the one whose answer is known. */
const awaited = (...former: string[][]) => ({ data: pagesOf(...former), isFetching: true });

function textOf(query: Partial<Props["query"]>, props: Partial<Props> = {}): string {
  const markup = renderToStaticMarkup(
    createElement(PagedList<string>, {
      query: { ...IDLE, ...query },
      noun: ["fruit", "fruits"],
      loading: "Loading fruits",
      empty: "No fruits yet",
      // biome-ignore lint/correctness/noChildrenProp: this file has no JSX
      children: (rows) => rows.join(),
      ...props,
    }),
  );
  return markup.replaceAll(/<[^>]*aria-busy="true"[^>]*>/g, " BUSY ").replaceAll(/<[^>]+>/g, " ");
}

describe("a list that is read page by page", () => {
  it("shows the rows of all pages, how many they are, and whether there are more", () => {
    const all = textOf(answered(["apple", "pear"], ["plum"]));
    expect(all).toContain("apple,pear,plum");
    expect(all).toMatch(/Showing\s+3 fruits · that is all/);
    expect(textOf(answered(["apple"]))).toMatch(/Showing\s+1 fruit · that is all/);
    const more = textOf({ ...answered(["apple", "pear"]), hasNextPage: true });
    expect(more).toContain("Load more");
    expect(more).not.toContain("that is all");
  });

  it("says that there is nothing only when that is known", () => {
    expect(textOf({ isFetching: true })).toContain("Loading fruits");
    expect(textOf(answered([]))).toBe("No fruits yet");
    const failed = textOf({ ...answered([]), isError: true, error: ERROR });
    expect(failed).toContain("It failed");
    expect(failed).toContain("req_list");
    expect(failed).not.toContain("No fruits yet");
  });

  it("keeps the rows when reading on fails", () => {
    const failed = textOf({ ...answered(["apple"]), hasNextPage: true, isError: true, error: ERROR });
    expect(failed).toContain("apple");
    expect(failed).toContain("It did not work.");
    expect(failed).toContain("Try again");
  });

  it("keeps the button that was pressed while it is tried again", () => {
    const again = textOf({ error: ERROR, isFetching: true });
    expect(again).toMatch(/BUSY.*Try again/);
    expect(again).not.toContain("Loading fruits");
  });

  it("does not take the rows of another filter for those that are asked for", () => {
    const loading = textOf(awaited(["apple"]));
    expect(loading).toContain("Loading fruits");
    expect(loading).not.toContain("apple");
  });
});

describe("a list that keeps what was found before", () => {
  it("shows it until the next answer, and does not say that it is all", () => {
    const loading = textOf(awaited(["apple"]), { keepFormer: true });
    expect(loading).toContain("apple");
    expect(loading).toMatch(/BUSY.*Load more/);
    expect(loading).not.toContain("that is all");
  });

  it("does not show it in place of what could not be read", () => {
    const failed = textOf(
      { ...awaited(["apple"]), isFetching: false, isError: true, error: ERROR },
      { keepFormer: true },
    );
    expect(failed).toContain("It failed");
    expect(failed).not.toContain("apple");
  });

  it("shows that something is read after nothing was found", () => {
    expect(textOf(awaited([]), { keepFormer: true })).toContain("Loading fruits");
  });
});
