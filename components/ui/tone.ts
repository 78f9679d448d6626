/** The meanings a colour may carry. Colour never stands alone: an icon or a word says the same. */
export type Tone = "neutral" | "accent" | "positive" | "caution" | "danger";

export const toneText: Record<Tone, string> = {
  neutral: "text-ink-muted",
  accent: "text-accent",
  positive: "text-positive",
  caution: "text-caution",
  danger: "text-danger",
};

/** Tinted ground with readable text upon it. */
export const toneSoft: Record<Tone, string> = {
  neutral: "bg-hover text-ink-muted",
  accent: "bg-accent-soft text-accent-ink",
  positive: "bg-positive-soft text-positive",
  caution: "bg-caution-soft text-caution",
  danger: "bg-danger-soft text-danger",
};
