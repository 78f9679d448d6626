/** A row as high as the rows that are not rendered; without it the scroll bar would lie. */
export function VirtualSpacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a table row takes no focus
    <tr aria-hidden="true" className="p-0! border-0!" style={{ height }}>
      <td colSpan={columns} className="p-0!" style={{ height }} />
    </tr>
  );
}
