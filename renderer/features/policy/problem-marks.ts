import type { Diagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { PolicyProblem } from "../../../shared/policy.ts";

/** Problems at their places in the text; one without a place stands at its beginning. */
export function diagnosticsOf({ doc }: EditorState, problems: readonly PolicyProblem[]): Diagnostic[] {
  return problems.map(({ line: number, column, message }) => {
    const line = doc.line(Math.min(Math.max(number ?? 1, 1), doc.lines));
    const from = Math.min(line.from + Math.max((column ?? 1) - 1, 0), line.to);
    const word = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}[\]:#]+)/.exec(line.text.slice(from - line.from))?.[0];
    return { from, to: Math.min(from + (word?.length ?? 1), line.to), severity: "error", message };
  });
}
