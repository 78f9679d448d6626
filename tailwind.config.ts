import type { Config } from "tailwindcss";

/** Colours and fonts are CSS variables, defined once per theme in app/globals.css. */
export default {
  darkMode: ["selector", '[data-theme="dark"]'],
  content: ["./app/**/*.{ts,tsx}", "./components/**/*.{ts,tsx}"],
  theme: {
    extend: {
      colors: {
        canvas: "var(--canvas)",
        surface: { DEFAULT: "var(--surface)", raised: "var(--surface-raised)", sunken: "var(--surface-sunken)" },
        line: { DEFAULT: "var(--line)", strong: "var(--line-strong)" },
        ink: {
          DEFAULT: "var(--ink)",
          muted: "var(--ink-muted)",
          faint: "var(--ink-faint)",
          inverse: "var(--ink-inverse)",
        },
        accent: {
          DEFAULT: "var(--accent)",
          hover: "var(--accent-hover)",
          soft: "var(--accent-soft)",
          ink: "var(--accent-ink)",
        },
        positive: { DEFAULT: "var(--positive)", soft: "var(--positive-soft)" },
        caution: { DEFAULT: "var(--caution)", soft: "var(--caution-soft)" },
        danger: { DEFAULT: "var(--danger)", soft: "var(--danger-soft)", hover: "var(--danger-hover)" },
      },
      fontFamily: {
        sans: ["Geist Variable", "system-ui", "sans-serif"],
        mono: ["Geist Mono Variable", "ui-monospace", "monospace"],
      },
    },
  },
} satisfies Config;
