import { useEffect, useMemo, useRef } from "react";
import type { PolicyProblem } from "../../../shared/policy.ts";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./policy-file.module.css";
import { readYamlLine } from "./yaml-line.ts";

type PolicyFileProps = {
  text: string;
  problems: readonly PolicyProblem[];
  /** How many known tools each line decides for. */
  deciding: ReadonlyMap<number, number>;
  /** The line to show, counted from 1. */
  line: number | null;
};

/** The policy file as it stands on disk, with what each line is good for and what is wrong with it. */
export function PolicyFileView({ text, problems, deciding, line }: PolicyFileProps) {
  const lines = useMemo(() => text.split("\n"), [text]);
  const target = useRef<HTMLLIElement>(null);
  useEffect(() => target.current?.scrollIntoView({ block: "center" }), [line, text]);
  return (
    <ol className={classes.file} aria-label="Policy file">
      {lines.map((content, index) => {
        const number = index + 1;
        const here = problems.filter((problem) => problem.line === number);
        const tools = deciding.get(number) ?? 0;
        return (
          <li
            key={number}
            ref={number === line ? target : undefined}
            className={classes.line}
            aria-current={number === line || undefined}
            data-wrong={here.length > 0}
            data-deciding={tools > 0}
          >
            <span className={classes.number} aria-hidden>
              {number}
            </span>
            <code className={classes.code}>
              <YamlLine text={content} />
            </code>
            {tools > 0 && (
              <span className={classes.decides} title="Tools whose permission, without arguments, this line decides">
                {formatCount(tools, "tool")}
              </span>
            )}
            {here.map((problem) => (
              <p key={problem.message} className={classes.problem}>
                {problem.column !== null && (
                  <span className={classes.caret} style={{ paddingLeft: `${problem.column - 1}ch` }} aria-hidden>
                    ^
                  </span>
                )}
                <InertText text={problem.message} multiline maxLength={600} />
              </p>
            ))}
          </li>
        );
      })}
    </ol>
  );
}

function YamlLine({ text }: { text: string }) {
  return readYamlLine(text).map(({ kind, text: part }, index) => (
    <span key={index} className={classes[kind]}>
      <InertText text={part} multiline maxLength={1000} />
    </span>
  ));
}
