import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { decidingMarks } from "./deciding-marks.ts";
import { editorLook } from "./editor-look.ts";
import { completeKeys, explainKey, type KnownNames } from "./key-completion.ts";
import { levelMarks } from "./level-marks.ts";

type Wishes = { save: () => void; names: () => KnownNames };

/** All that makes a plain text field the policy's editor. Tab leaves it, as it leaves every other field. */
export function editorExtensions({ save, names }: Wishes): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    drawSelection(),
    history(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "Policy file", spellcheck: "false", tabindex: "0" }),
    autocompletion({ override: [completeKeys(names)], icons: false }),
    hoverTooltip(explainKey),
    levelMarks,
    decidingMarks,
    editorLook,
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => (save(), true) },
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
  ];
}
