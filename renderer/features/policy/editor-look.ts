import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--sw-text-2)", fontSize: "var(--sw-text-sm)" },
  "&.cm-focused": { outline: "2px solid var(--sw-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--sw-mono)", fontVariantLigatures: "none", lineHeight: "20px" },
  ".cm-content": { padding: "var(--sw-2) 0 var(--sw-8)", caretColor: "var(--sw-text)" },
  ".cm-line": { padding: "0 var(--sw-4) 0 var(--sw-2)" },
  ".cm-cursor": { borderLeftColor: "var(--sw-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--sw-accent) 25%, transparent)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sw-accent-soft) 60%, transparent)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--sw-text-3)", border: 0 },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 var(--sw-2) 0 var(--sw-2)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--sw-text)" },
  ".cm-specialChar": { color: "var(--sw-open)" },
  ".cm-selectionMatch": { backgroundColor: "var(--sw-sunken)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--sw-sunken)",
    outline: "1px solid var(--sw-line-strong)",
  },
  ".cm-level": { color: "var(--sw-accent)", fontWeight: "500" },
  ".cm-deciding": {
    marginLeft: "var(--sw-6)",
    color: "var(--sw-text-3)",
    fontFamily: "Inter, system-ui, sans-serif",
    userSelect: "none",
  },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--sw-open-mark)",
    textUnderlineOffset: "3px",
  },
  ".cm-lint-marker-error": {
    content: '""',
    width: "8px",
    height: "8px",
    margin: "6px 2px",
    background: "var(--sw-open-mark)",
  },
  ".cm-tooltip": {
    border: "1px solid var(--sw-line)",
    borderRadius: "var(--sw-radius)",
    backgroundColor: "var(--sw-raised)",
    boxShadow: "var(--sw-shadow-raised)",
    color: "var(--sw-text)",
    fontFamily: "Inter, system-ui, sans-serif",
    fontSize: "var(--sw-text-sm)",
  },
  ".cm-tooltip-hover": { maxWidth: "420px" },
  ".cm-key-about": { padding: "var(--sw-2) var(--sw-3)", lineHeight: "18px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--sw-open-mark)", padding: "var(--sw-2) var(--sw-3)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sw-mono)", maxHeight: "240px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px var(--sw-2)", lineHeight: "20px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--sw-accent-soft)", color: "var(--sw-text)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": { color: "var(--sw-text-3)", fontStyle: "normal" },
  ".cm-tooltip.cm-completionInfo": { maxWidth: "300px", padding: "var(--sw-2) var(--sw-3)", lineHeight: "18px" },
  ".cm-panels": { backgroundColor: "var(--sw-raised)", color: "var(--sw-text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--sw-line)" },
  ".cm-panel.cm-search": { padding: "var(--sw-2) var(--sw-3)", fontFamily: "Inter, system-ui, sans-serif" },
  ".cm-textfield": {
    border: "1px solid var(--sw-line-strong)",
    borderRadius: "var(--sw-radius-small)",
    backgroundColor: "var(--sw-surface)",
    minHeight: "24px",
  },
  ".cm-button": {
    border: "1px solid var(--sw-line)",
    borderRadius: "var(--sw-radius-small)",
    background: "var(--sw-surface)",
    color: "var(--sw-text)",
    minHeight: "24px",
  },
  ".cm-searchMatch": { backgroundColor: "var(--sw-half-soft)", outline: "1px solid var(--sw-half-mark)" },
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--sw-text)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--sw-text-3)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--sw-text-3)" },
]);

/** The editor in the words of `tokens.css`, so that it follows the scheme by itself. */
export const editorLook = [theme, syntaxHighlighting(highlight)];
