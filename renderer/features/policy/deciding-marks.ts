import { StateEffect, StateField, type Range } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { formatCount } from "../../components/format.ts";

/** How many known tools each line decides for, by its number from 1. */
export const showDeciding = StateEffect.define<ReadonlyMap<number, number>>();

class CountMark extends WidgetType {
  readonly #tools: number;

  constructor(tools: number) {
    super();
    this.#tools = tools;
  }

  override eq(other: CountMark): boolean {
    return other.#tools === this.#tools;
  }

  toDOM(): HTMLElement {
    const mark = document.createElement("span");
    mark.className = "cm-deciding";
    mark.title = "Tools whose permission, without arguments, this line decides";
    mark.textContent = formatCount(this.#tools, "tool");
    return mark;
  }
}

/** At the end of each line that decides, for how many tools; the marks go with their lines while the text is edited. */
export const decidingMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state }) {
    const shown = effects.find((effect) => effect.is(showDeciding));
    if (!shown) return marks.map(changes);
    const ranges: Range<Decoration>[] = [];
    for (const [line, tools] of shown.value) {
      if (line > state.doc.lines) continue;
      ranges.push(Decoration.widget({ widget: new CountMark(tools), side: 1 }).range(state.doc.line(line).to));
    }
    return Decoration.set(ranges, true);
  },
  provide: (field) => EditorView.decorations.from(field),
});
