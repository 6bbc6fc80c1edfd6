import { useMemo } from "react";
import { InertText } from "./inert-text.tsx";
import { cutText } from "./hidden-characters.ts";
import { hasChange, toJsonTree, type Change, type JsonNode } from "./json-diff.ts";
import classes from "./json-tree.module.css";

type JsonTreeProps = {
  value: unknown;
  /** An earlier value; what differs from it is marked. `undefined` marks nothing. */
  compareTo?: unknown;
  /** The tree's accessible name. */
  label?: string;
};

const changeWords: Record<Exclude<Change, "same">, { sign: string; word: string }> = {
  added: { sign: "+", word: "new" },
  changed: { sign: "~", word: "changed" },
  removed: { sign: "−", word: "gone" },
};

/** Levels that are unfolded at first, and children above which a list is folded. */
const openDepth = 4;
const openSize = 50;

/** JSON as a person reads it: one line a value, long text bounded, hidden characters visible. */
export function JsonTree({ value, compareTo, label = "JSON" }: JsonTreeProps) {
  const root = useMemo(() => toJsonTree(value, compareTo), [value, compareTo]);
  if (root.kind === "leaf" || root.children.length === 0) {
    return (
      <div className={classes.tree} role="group" aria-label={label}>
        <Line node={root} depth={0} />
      </div>
    );
  }
  return (
    <div className={classes.tree} role="group" aria-label={label}>
      <Children node={root} depth={0} />
    </div>
  );
}

function Children({ node, depth }: { node: Exclude<JsonNode, { kind: "leaf" }>; depth: number }) {
  return (
    <ul className={classes.list}>
      {node.children.map((child, index) => (
        <li key={`${child.change}:${child.key ?? index}`}>
          <Line node={child} depth={depth} />
        </li>
      ))}
      {node.omitted > 0 && <li className={classes.note}>… {node.omitted.toLocaleString("en")} more</li>}
    </ul>
  );
}

function Line({ node, depth }: { node: JsonNode; depth: number }) {
  if (node.kind === "leaf" || node.children.length === 0) {
    return (
      <div className={classes.line} data-change={node.change}>
        <Mark change={node.change} />
        <Key node={node} />
        <Value value={node.kind === "leaf" ? node.value : node.kind === "array" ? [] : {}} />
        <Before node={node} />
      </div>
    );
  }
  const open = hasChange(node) || (depth < openDepth && node.size <= openSize);
  return (
    <details className={classes.branch} open={open}>
      <summary className={classes.line} data-change={node.change}>
        <Mark change={node.change} />
        <Key node={node} />
        <span className={classes.note}>{node.kind === "array" ? `[${node.size}]` : `{${node.size}}`}</span>
        <Before node={node} />
      </summary>
      <Children node={node} depth={depth + 1} />
    </details>
  );
}

function Mark({ change }: { change: Change }) {
  if (change === "same") return null;
  const { sign, word } = changeWords[change];
  return (
    <span className={classes.mark} title={word} aria-label={word} role="img">
      {sign}
    </span>
  );
}

function Key({ node }: { node: JsonNode }) {
  if (node.key === null) return null;
  return (
    <span className={classes.key}>
      <InertText text={node.key} maxLength={200} />
    </span>
  );
}

function Before({ node }: { node: JsonNode }) {
  if (node.change !== "changed") return null;
  return (
    <span className={classes.before}>
      <span className={classes.note}>was</span> <Value value={node.before} short />
    </span>
  );
}

function Value({ value, short = false }: { value: unknown; short?: boolean }) {
  if (typeof value === "string") {
    return (
      <span className={classes.string}>
        <InertText text={value} multiline={!short} maxLength={short ? 120 : 2000} expandable={!short} />
      </span>
    );
  }
  const text = JSON.stringify(value) ?? "undefined";
  return <span className={classes.scalar}>{cutText(text, short ? 120 : 400)}</span>;
}
