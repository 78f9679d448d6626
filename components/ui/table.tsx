import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "./cn";

/**
 * Set although the elements imply them: on phones the rows are laid out as cards, and some browsers forget that a
 * table whose `display` was changed is one.
 */
const roles = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  cell: { role: "cell" },
  column: { role: "columnheader" },
} as const;

export type TableProps = ComponentPropsWithRef<"table"> & {
  /** What the table lists, for screen readers. */
  label: string;
  /** Row height: 28, 36 (default) or 44 px. */
  density?: "compact" | "normal" | "relaxed" | undefined;
  /** Under 48 rem each row becomes a card (see `stackAs` on TD); false keeps the columns and scrolls sideways. */
  stack?: boolean | undefined;
  wrapperClassName?: string | undefined;
};

const densities = {
  compact: "[--row:1.75rem] text-xs pointer-fine:[&_td_button]:max-h-6",
  normal: "[--row:2.25rem] text-sm",
  relaxed: "[--row:2.75rem] text-sm",
};

/** Rows and columns. The header sticks to the top of whatever scrolls: the page on wide screens, else the wrapper. */
export function Table({ label, density = "normal", stack = true, wrapperClassName, className, ...props }: TableProps) {
  return (
    <div className={cn("min-w-0 max-lg:overflow-x-auto", wrapperClassName)}>
      <table
        {...roles.table}
        aria-label={label}
        data-stack={stack ? "" : undefined}
        {...props}
        className={cn("w-full border-separate border-spacing-0 text-ink", densities[density], className)}
      />
    </div>
  );
}

export function THead({ className, ...props }: ComponentPropsWithRef<"thead">) {
  return <thead {...roles.group} {...props} className={className} />;
}

export function TBody({ className, ...props }: ComponentPropsWithRef<"tbody">) {
  return <tbody {...roles.group} {...props} className={cn("md:[&>tr:last-child>*]:border-b-0", className)} />;
}

type Align = "start" | "end" | "center";
const aligns: Record<Align, string> = { start: "text-start", end: "text-end tabular-nums", center: "text-center" };

export type THProps = Omit<ComponentPropsWithRef<"th">, "align"> & {
  align?: Align | undefined;
  /** Makes the heading a button that sorts by its column. */
  sort?: { direction: "ascending" | "descending" | "none"; onSort: () => void } | undefined;
};

/** A column's heading. `sticky-top` is the height of the bar above; the app shell sets it. */
export function TH({ align = "start", sort, className, children, ...props }: THProps) {
  return (
    <th
      {...roles.column}
      scope="col"
      aria-sort={sort === undefined ? undefined : sort.direction}
      {...props}
      className={cn(
        "sticky top-(--table-top,0px) z-20 h-8 whitespace-nowrap border-line border-b bg-surface-sunken px-3 font-medium text-ink-muted text-xs first:pl-4 last:pr-4",
        aligns[align],
        className,
      )}
    >
      {sort === undefined ? children : <SortButton {...sort}>{children}</SortButton>}
    </th>
  );
}

/** The heading of a column of buttons, which only screen readers need. */
export function ActionsTH() {
  return (
    <TH>
      <span className="sr-only">Actions</span>
    </TH>
  );
}

export type TRProps = ComponentPropsWithRef<"tr"> & {
  selected?: boolean | undefined;
  /** The row contains a RowLink. */
  interactive?: boolean | undefined;
};

export function TR({ selected = false, interactive = false, className, ...props }: TRProps) {
  return (
    <tr
      {...roles.row}
      data-selected={selected ? "" : undefined}
      {...props}
      className={cn(
        // The transform makes the row the frame for the link stretched over it where `relative` on rows is ignored; not
        // in the header, whose sticky cells it would keep under the rows.
        "group/row relative [tbody>&]:transform-[translate(0)]",
        interactive && "hover:bg-hover has-[a[data-row-link]:focus-visible]:bg-hover",
        "data-selected:bg-accent-soft",
        className,
      )}
    />
  );
}

export type TDProps = Omit<ComponentPropsWithRef<"td">, "align"> & {
  /** The column's name, shown before the value on phones. */
  label?: string | undefined;
  /** The cell's place in the card on phones: a labelled line (default), its title, its top right corner, a line of its own, or nowhere. */
  stackAs?: "line" | "title" | "corner" | "full" | "hide" | undefined;
  align?: Align | undefined;
  mono?: boolean | undefined;
};

export function TD({ label, stackAs = "line", align = "start", mono, className, ...props }: TDProps) {
  return (
    <td
      {...roles.cell}
      data-label={label}
      data-stack-as={stackAs}
      {...props}
      className={cn(
        "h-(--row) border-line border-b px-3 first:pl-4 last:pr-4 md:whitespace-nowrap",
        aligns[align],
        mono && "font-mono text-xs",
        className,
      )}
    />
  );
}

export type RowLinkProps = ComponentPropsWithRef<typeof Link>;

/** The row's real link, in its main cell: stretched over the whole row, so that pressing anywhere follows it. */
export function RowLink({ className, ...props }: RowLinkProps) {
  return (
    <Link
      data-row-link=""
      {...props}
      className={cn(
        "min-w-0 text-ink after:absolute after:inset-0 after:content-[''] focus-visible:outline-none",
        "focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2",
        className,
      )}
    />
  );
}

/** Controls inside a row with a RowLink: lifted above the stretched link. */
export function RowActions({ className, children }: { className?: string | undefined; children: ReactNode }) {
  return <div className={cn("relative z-10 inline-flex items-center align-middle gap-1", className)}>{children}</div>;
}

function SortButton({ direction, onSort, children }: NonNullable<THProps["sort"]> & { children: ReactNode }) {
  const Icon = direction === "ascending" ? ArrowUp : direction === "descending" ? ArrowDown : ChevronsUpDown;
  return (
    <button type="button" onClick={onSort} className="inline-flex items-center gap-1 rounded hover:text-ink">
      {children}
      <Icon aria-hidden="true" className="size-3" />
    </button>
  );
}
