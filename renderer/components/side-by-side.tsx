import { useMemo, type ReactNode } from "react";
import { diffText, type DiffPart } from "./text-diff.ts";
import { InertText } from "./inert-text.tsx";
import { hasChange, toJsonTree } from "./json-diff.ts";
import { JsonTree } from "./json-tree.tsx";
import classes from "./side-by-side.module.css";

/** Two versions of things in two columns, what differs marked. @param heads what the columns are; one head, one column */
export function SideBySide({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <div className={classes.diff} data-single={heads.length === 1 || undefined}>
      <div className={classes.heads} aria-hidden>
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {children}
    </div>
  );
}

type RowProps<T> = {
  label: string;
  /** What the two sides are called in a name for those who do not see them, such as "accepted" and "now". */
  sides: readonly [string, string];
  /** `null` where there is only one side. */
  before: T | null;
  after: T;
};

/** Two texts, compared word by word. */
export function TextRow({ label, sides, before, after }: RowProps<string>) {
  const parts = useMemo(() => (before === null ? null : diffText(before, after)), [before, after]);
  return (
    <Row label={label}>
      {parts && <Side parts={parts} leaveOut="added" label={`${label}, ${sides[0]}`} />}
      {parts ? (
        <Side parts={parts} leaveOut="removed" label={`${label}, ${sides[1]}`} />
      ) : (
        <p className={classes.text}>
          <InertText text={after} multiline maxLength={20_000} expandable />
        </p>
      )}
    </Row>
  );
}

/** Two values, compared member by member. */
export function ValueRow({ label, sides, before, after }: RowProps<unknown>) {
  const differs = before !== null && hasChange(toJsonTree(after, before));
  return (
    <Row label={label}>
      {before !== null && (
        <div className={classes.tree}>
          <JsonTree value={before} label={`${label}, ${sides[0]}`} />
        </div>
      )}
      <div className={classes.tree}>
        <JsonTree value={after} compareTo={differs ? before : undefined} label={`${label}, ${sides[1]}`} />
      </div>
    </Row>
  );
}

/** What both have alike, in a line. */
export function SameLine({ children }: { children: ReactNode }) {
  return <p className={classes.same}>{children}</p>;
}

function Side({ parts, leaveOut, label }: { parts: readonly DiffPart[]; leaveOut: DiffPart["kind"]; label: string }) {
  const shown = parts.filter(({ kind }) => kind !== leaveOut);
  return (
    <p className={classes.text} role="group" aria-label={label}>
      {shown.length === 0 && <span className={classes.none}>none</span>}
      {shown.map(({ kind, text }, index) => {
        const inert = <InertText text={text} multiline maxLength={20_000} />;
        if (kind === "added") return <ins key={index}>{inert}</ins>;
        if (kind === "removed") return <del key={index}>{inert}</del>;
        return <span key={index}>{inert}</span>;
      })}
    </p>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={classes.row} aria-label={label}>
      <h3 className={classes.label}>{label}</h3>
      <div className={classes.sides}>{children}</div>
    </section>
  );
}
