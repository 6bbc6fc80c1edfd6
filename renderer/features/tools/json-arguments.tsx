import { Textarea } from "@mantine/core";
import { useState } from "react";
import classes from "./arguments-editor.module.css";
import { readArguments, type Args, type Draft } from "./call-store.ts";

type JsonArgumentsProps = { draft: Draft; onChange: (draft: Draft) => void; /** Default 6. */ minRows?: number };

/** The arguments as JSON text. Keeps the text as typed for as long as it says the same as the draft. */
export function JsonArguments({ draft, onChange, minRows = 6 }: JsonArgumentsProps) {
  const [typed, setTyped] = useState<{ text: string; args: Args } | null>(null);
  const text =
    draft.unreadable?.text ?? (typed?.args === draft.args ? typed.text : JSON.stringify(draft.args, null, 2));
  const change = (next: string) => {
    const read = readArguments(next);
    if ("args" in read) {
      setTyped({ text: next, args: read.args });
      onChange({ args: read.args, unreadable: null });
    } else {
      onChange({ args: draft.args, unreadable: { text: next, reason: read.reason } });
    }
  };
  return (
    <Textarea
      label="Arguments as JSON"
      autosize
      minRows={minRows}
      maxRows={24}
      spellCheck={false}
      value={text}
      error={draft.unreadable?.reason}
      classNames={{ input: classes.json }}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
