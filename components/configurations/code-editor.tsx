"use client";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import { classHighlighter } from "@lezer/highlight";
import CodeMirror, { EditorView, type ReactCodeMirrorRef } from "@uiw/react-codemirror";
import { type Ref, useImperativeHandle, useMemo, useRef } from "react";
import { readLaunchText, type TextFormat, type TextProblem } from "@/lib/contracts/launch-text";

export type CodeEditorHandle = {
  /** Puts the cursor, and the focus, where a problem is. */
  goTo: (problem: TextProblem) => void;
};

type CodeEditorProps = {
  ref?: Ref<CodeEditorHandle> | undefined;
  value: string;
  format: TextFormat;
  readOnly: boolean;
  onChange: (text: string) => void;
  label: string;
  describedBy: string;
};

const LINT_DELAY_MS = 300;

/** In the colours of the theme on screen, by the names that are the same in both. */
const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-sunken)",
    color: "var(--ink-faint)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--hover) 55%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--hover)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent-fill) 28%, transparent)",
  },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
  },
  ".cm-diagnostic": { fontFamily: "var(--font-sans)" },
});

/** The text under the cursor. Escape and then Tab leaves it: Tab alone indents. */
export function CodeEditor({ ref, value, format, readOnly, onChange, label, describedBy }: CodeEditorProps) {
  const editor = useRef<ReactCodeMirrorRef>(null);
  useImperativeHandle(ref, () => ({
    goTo: ({ from }) => {
      const view = editor.current?.view;
      if (!view) return;
      view.dispatch({ selection: { anchor: Math.min(from, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
  }));
  const extensions = useMemo(
    () => [
      format === "yaml" ? yaml() : json(),
      syntaxHighlighting(classHighlighter),
      linter((view) => diagnosticsOf(view.state.doc.toString(), format), { delay: LINT_DELAY_MS }),
      lintGutter(),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, spellcheck: "false" }),
    ],
    [format, label, describedBy],
  );
  return (
    <CodeMirror
      ref={editor}
      value={value}
      onChange={onChange}
      readOnly={readOnly}
      theme="none"
      extensions={extensions}
      basicSetup={{ syntaxHighlighting: false, autocompletion: false, foldGutter: false }}
      minHeight="20rem"
      maxHeight="70vh"
      className="overflow-hidden rounded-lg border border-line-strong"
    />
  );
}

function diagnosticsOf(text: string, format: TextFormat): Diagnostic[] {
  return readLaunchText(text, format).problems.map(({ field, message, from, to }) => ({
    from: Math.min(from, text.length),
    to: Math.min(Math.max(to, from), text.length),
    severity: "error",
    message: field === "" ? message : `${field}: ${message}`,
  }));
}
