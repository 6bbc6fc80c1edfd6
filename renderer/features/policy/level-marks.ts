import { Decoration, MatchDecorator, ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { isInComment } from "./yaml-place.ts";

const mark = Decoration.mark({ class: "cm-level" });
const levels = new MatchDecorator({
  regexp: /\b(?:ALWAYS|REQUIRE_APPROVAL|NEVER)\b/g,
  decorate: (add, from, to, _match, view) => {
    const line = view.state.doc.lineAt(from);
    if (!isInComment(line.text, from - line.from)) add(from, to, mark);
  },
});

/** Levels stand out, wherever they decide. */
export const levelMarks = ViewPlugin.define(
  (view: EditorView) => ({
    marks: levels.createDeco(view),
    update(update: ViewUpdate) {
      this.marks = levels.updateDeco(update, this.marks);
    },
  }),
  { decorations: (plugin) => plugin.marks },
);
