import { setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import type { PolicyProblem } from "../../../shared/policy.ts";
import { showDeciding } from "./deciding-marks.ts";
import { editorExtensions } from "./editor-extensions.ts";
import type { KnownNames } from "./key-completion.ts";
import classes from "./policy-editor.module.css";
import { diagnosticsOf } from "./problem-marks.ts";

type PolicyEditorProps = {
  text: string;
  onChange: (text: string) => void;
  onSave: () => void;
  problems: readonly PolicyProblem[];
  /** How many known tools each line of the text decides for; `null` while its lines are not those of the file. */
  deciding: ReadonlyMap<number, number> | null;
  names: KnownNames;
  /** The line to show, counted from 1; a new `asked` shows it anew. */
  line: number | null;
  asked: string;
};

/** Marks a change that came from without, and so is no typing. */
const fromOutside = Annotation.define<boolean>();

/** The policy file's text, to be read and written. */
export function PolicyEditor({ text, onChange, onSave, problems, deciding, names, line, asked }: PolicyEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const currentText = useEffectEvent(() => text);
  const currentNames = useEffectEvent(() => names);
  const change = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: currentText(),
        extensions: [
          editorExtensions({ save: () => save(), names: () => currentNames() }),
          EditorState.lineSeparator.of(eol),
          EditorView.updateListener.of((update) => {
            const isTyping = update.transactions.some((each) => each.docChanged && !each.annotation(fromOutside));
            if (isTyping) change(update.state.sliceDoc());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [eol]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.sliceDoc() === text) return;
    const { anchor } = editor.state.selection.main;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: editor.state.toText(text) },
      selection: { anchor: Math.min(anchor, editor.state.toText(text).length) },
      annotations: fromOutside.of(true),
    });
  }, [text, eol]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problems)));
  }, [problems, eol]);

  useEffect(() => {
    if (deciding) view.current?.dispatch({ effects: showDeciding.of(deciding) });
  }, [deciding, eol]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || line === null || line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(line);
    editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  }, [line, asked, eol]);

  return <div ref={host} className={classes.editor} />;
}
