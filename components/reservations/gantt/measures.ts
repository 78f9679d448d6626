/** Width in px of the column that names pools, nodes and GPUs; the styles know it as --column. */
export const COLUMN = { wide: 200, narrow: 124 } as const;
/** Below this width of the whole gantt, in px, the column is narrow. */
export const NARROW = 640;
/** Heights in px of the two tiers of the header. */
export const UPPER_TIER = 24;
export const LOWER_TIER = 24;
export const HEADER = UPPER_TIER + LOWER_TIER;
