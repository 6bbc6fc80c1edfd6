import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowBackUp, IconDeviceFloppy } from "@tabler/icons-react";
import { diffLines } from "diff";
import { useMemo, useState } from "react";
import { Link } from "react-router-dom";
import type { PolicyProblem } from "../../../shared/policy.ts";
import { usePolicyCheck, useSavePolicy } from "../../api/use-policy.ts";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import type { KnownNames } from "./key-completion.ts";
import { editDraft, noteSaved, usePolicyDesk, usePolicyDeskStore } from "./policy-desk.ts";
import { PolicyEditor } from "./policy-editor.tsx";
import classes from "./policy-text.module.css";
import { SaveInvalidDialog } from "./save-invalid-dialog.tsx";

type PolicyTextProps = {
  /** The file as it stands. */
  file: string;
  /** Of the file. */
  problems: readonly PolicyProblem[];
  deciding: ReadonlyMap<number, number>;
  names: KnownNames;
  line: number | null;
  asked: string;
};

/** The policy's text with what is changed in it and not saved, and the way to save or to leave it. */
export function PolicyText({ file, problems, deciding, names, line, asked }: PolicyTextProps) {
  const store = usePolicyDeskStore();
  const draft = usePolicyDesk((desk) => desk.draft);
  const save = useSavePolicy();
  const [refused, setRefused] = useState<readonly PolicyProblem[] | null>(null);
  const text = draft?.text ?? file;
  const [settled] = useDebouncedValue(draft?.text ?? null, 200);
  const check = usePolicyCheck(settled);
  const found = draft === null ? problems : (check.data?.problems ?? noProblems);
  const isBehind = draft !== null && file !== draft.was && file !== draft.text;

  const write = async (evenInvalid: boolean) => {
    if (draft === null || save.isPending || isBehind) return;
    const answer = await save.mutateAsync({ text: draft.text, was: draft.was, evenInvalid });
    setRefused(answer.result === "invalid" ? answer.problems : null);
    if (answer.result === "saved") noteSaved(store, draft.text);
  };
  const trySave = () => void write(false).catch(() => undefined);

  return (
    <section className={classes.text} aria-label="Text of the policy">
      <div className={classes.bar}>
        <p className={classes.state} role="status">
          {draft === null ? "As it stands in the file" : <Changes was={draft.was} text={draft.text} />}
          {draft !== null && found.length > 0 && (
            <span className={classes.faulty}>{formatCount(found.length, "problem")}</span>
          )}
        </p>
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          disabled={draft === null}
          onClick={() => store.setState({ draft: null })}
        >
          Discard changes
        </Button>
        <Button
          leftSection={<IconDeviceFloppy size={14} aria-hidden />}
          disabled={draft === null || isBehind}
          loading={save.isPending}
          onClick={trySave}
        >
          Save
        </Button>
      </div>
      {isBehind && (
        <div className={classes.behind} role="alert">
          <p>Somebody else changed the file since you began. Nothing of theirs was overwritten.</p>
          <Button variant="default" onClick={() => store.setState({ draft: null })}>
            Take theirs, discard mine
          </Button>
          <Button variant="default" onClick={() => store.setState({ draft: { was: file, text: draft.text } })}>
            Keep mine; saving replaces theirs
          </Button>
        </div>
      )}
      {draft !== null && found.length > 0 && <Problems problems={found} />}
      <div className={classes.editor}>
        <PolicyEditor
          text={text}
          onChange={(next) => editDraft(store, next, file)}
          onSave={trySave}
          problems={found}
          deciding={draft === null ? deciding : null}
          names={names}
          line={line}
          asked={asked}
        />
      </div>
      {refused && (
        <SaveInvalidDialog
          problems={refused}
          isSaving={save.isPending}
          onSave={() => void write(true).catch(() => undefined)}
          onClose={() => setRefused(null)}
        />
      )}
    </section>
  );
}

const noProblems: readonly PolicyProblem[] = [];

function Changes({ was, text }: { was: string; text: string }) {
  const [added, removed] = useMemo(() => {
    const parts = diffLines(was, text, { maxEditLength: 2_000 }) ?? [];
    const count = (which: "added" | "removed") =>
      parts.filter((part) => part[which]).reduce((sum, part) => sum + part.count, 0);
    return [count("added"), count("removed")];
  }, [was, text]);
  return (
    <>
      Not saved
      {added + removed > 0 && (
        <span className={classes.changes}>
          <ins>+{added}</ins> <del>−{removed}</del> {added + removed === 1 ? "line" : "lines"}
        </span>
      )}
    </>
  );
}

/** How many are listed; the rest stand in the text. */
const mostListed = 4;

function Problems({ problems }: { problems: readonly PolicyProblem[] }) {
  return (
    <ul className={classes.problems} aria-label="Problems of the draft">
      {problems.slice(0, mostListed).map(({ line, column, message }, index) => (
        <li key={index}>
          {line !== null && (
            <Link to={`/policy?line=${line}`}>
              line {line}
              {column !== null && `, column ${column}`}
            </Link>
          )}{" "}
          <InertText text={message} multiline maxLength={400} />
        </li>
      ))}
      {problems.length > mostListed && <li>and {problems.length - mostListed} more, marked in the text</li>}
    </ul>
  );
}
