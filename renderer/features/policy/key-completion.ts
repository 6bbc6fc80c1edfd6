import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorState } from "@codemirror/state";
import type { EditorView, Tooltip } from "@codemirror/view";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { levelWords } from "../../components/badges.tsx";
import { policyKeyAt, type PolicyKey } from "./policy-keys.ts";
import { isInComment, yamlPlace } from "./yaml-place.ts";

/** What a key may be the name of. */
export type KnownNames = Readonly<Record<NonNullable<PolicyKey["names"]>, readonly string[]>>;

/** Offers the keys and the words that may stand at the cursor. */
export function completeKeys(names: () => KnownNames) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w.*?-]*/);
    if (!word || (word.from === word.to && !context.explicit) || inComment(context.state, word.from)) return null;
    const { path, at } = placeAt(context.state, word.from);
    const key = policyKeyAt(path);
    const options = key ? (at === "value" ? values(key) : keysOf(key, names())) : [];
    return options.length > 0 ? { from: word.from, options, validFor: /^[\w.*?-]*$/ } : null;
  };
}

/** What the key or the level under the pointer means. */
export function explainKey(view: EditorView, position: number): Tooltip | null {
  const { state } = view;
  const line = state.doc.lineAt(position);
  const word = [...line.text.matchAll(/"[^"]*"|'[^']*'|[\w.*?-]+/g)].find(
    ({ index, 0: text }) => line.from + index <= position && position <= line.from + index + text.length,
  );
  if (!word || inComment(state, position)) return null;
  const [text] = word;
  const from = line.from + word.index;
  const { path, at } = placeAt(state, from);
  const about = at === "key" ? policyKeyAt([...path, text.replace(/^["']|["']$/g, "")])?.about : aboutLevel(text);
  return about === undefined ? null : { pos: from, end: from + text.length, above: true, create: () => note(about) };
}

function placeAt(state: EditorState, position: number) {
  const line = state.doc.lineAt(position);
  const lines = state.sliceDoc(0, line.to).split(state.lineBreak);
  return yamlPlace(lines, line.number - 1, position - line.from);
}

function inComment(state: EditorState, position: number): boolean {
  const line = state.doc.lineAt(position);
  return isInComment(line.text, position - line.from);
}

function keysOf({ keys = {}, names }: PolicyKey, known: KnownNames): Completion[] {
  const fixed = Object.entries(keys).map(([label, { about }]) => ({ label, info: about, apply: `${label}: ` }));
  const named = (names ? known[names] : []).map((name) => ({ label: name, apply: `${quote(name)}: `, detail: names }));
  return [...fixed, ...named];
}

function values({ values: words = [] }: PolicyKey): Completion[] {
  return words.map((label) => ({ label, ...(aboutLevel(label) && { info: aboutLevel(label) }) }));
}

function aboutLevel(word: string): string | undefined {
  return Object.hasOwn(levelWords, word) ? levelWords[word as PermissionLevel].meaning : undefined;
}

function quote(name: string): string {
  return /^[a-zA-Z0-9][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}

function note(about: string): { dom: HTMLElement } {
  const dom = document.createElement("div");
  dom.className = "cm-key-about";
  dom.textContent = about;
  return { dom };
}
