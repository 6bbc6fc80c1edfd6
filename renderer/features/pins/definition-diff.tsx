import { useMemo, type ReactNode } from "react";
import type { ToolDefinition } from "../../../shared/pin.ts";
import { InertText } from "../../components/inert-text.tsx";
import { hasChange, toJsonTree } from "../../components/json-diff.ts";
import { JsonTree } from "../../components/json-tree.tsx";
import classes from "./definition-diff.module.css";
import { diffText, type DiffPart } from "./text-diff.ts";

type DefinitionDiffProps = {
  /** What was accepted; `null` where nothing was. */
  accepted: ToolDefinition | null;
  /** What the server gives now. */
  offered: ToolDefinition;
};

const texts = ["title", "description"] as const;
const structures = [
  ["inputSchema", "Arguments"],
  ["outputSchema", "Answer"],
  ["annotations", "Claims"],
] as const;

/** Two definitions side by side, with what differs marked; what is the same in both is told in one line. */
export function DefinitionDiff({ accepted, offered }: DefinitionDiffProps) {
  const isSame = (key: keyof ToolDefinition) =>
    accepted !== null && JSON.stringify(accepted[key]) === JSON.stringify(offered[key]);
  const same = [...texts, ...structures.map(([key]) => key)].filter((key) => isSame(key) && offered[key] !== undefined);
  return (
    <div className={classes.diff} data-single={accepted === null || undefined}>
      <div className={classes.heads} aria-hidden>
        {accepted && <span>Accepted</span>}
        <span>{accepted ? "Now" : "What the server says"}</span>
      </div>
      {texts.map((key) => {
        if (isSame(key) || (accepted?.[key] === undefined && offered[key] === undefined)) return null;
        return <TextRow key={key} name={key} before={accepted && (accepted[key] ?? "")} after={offered[key] ?? ""} />;
      })}
      {structures.map(([key, label]) => {
        if (isSame(key) || (accepted?.[key] === undefined && offered[key] === undefined)) return null;
        return (
          <StructureRow key={key} label={label} before={accepted && (accepted[key] ?? {})} after={offered[key] ?? {}} />
        );
      })}
      {same.length > 0 && <p className={classes.same}>The same as accepted: {same.map(nameOf).join(", ")}.</p>}
    </div>
  );
}

function nameOf(key: string): string {
  return (structures.find(([name]) => name === key)?.[1] ?? key).toLowerCase();
}

function TextRow({ name, before, after }: { name: string; before: string | null; after: string }) {
  const parts = useMemo(() => (before === null ? null : diffText(before, after)), [before, after]);
  return (
    <Row label={name === "title" ? "Title" : "Description"}>
      {parts && <Side parts={parts} leaveOut="added" label={`${name}, accepted`} />}
      {parts ? (
        <Side parts={parts} leaveOut="removed" label={`${name}, now`} />
      ) : (
        <p className={classes.text}>
          <InertText text={after} multiline maxLength={20_000} expandable />
        </p>
      )}
    </Row>
  );
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

function StructureRow({ label, before, after }: { label: string; before: object | null; after: object }) {
  const differs = before !== null && hasChange(toJsonTree(after, before));
  return (
    <Row label={label}>
      {before && (
        <div className={classes.tree}>
          <JsonTree value={before} label={`${label}, accepted`} />
        </div>
      )}
      <div className={classes.tree}>
        <JsonTree value={after} compareTo={differs ? before : undefined} label={`${label}, now`} />
      </div>
    </Row>
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
