/** What of a call can be searched: its words, as the index is given them, and a question in the index's language. */
import type { Invocation, InvocationFilter, TimelineStep } from "../../../shared/invocation.ts";

/** UTF-16 units of one step's payload that can be found; what lies behind them is in the timeline alone. */
export const maxStepText = 8_192;
/** UTF-16 units of all of a call's steps. */
const maxCallText = 16_384;

const depthLimit = 32;
const encoded = /^[\w+/=-]{256}/;
const hump = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu;
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/gu;
const sign = /[\p{L}\p{N}\p{Co}]/u;

/** The words of one masked step: those that a caller, a server or a person wrote, and none of ours. */
export function stepText(step: TimelineStep): string {
  switch (step.kind) {
    case "received":
      return wordsOf(step.args);
    case "refused":
      return wordsOf(step.error.message);
    case "verdict":
      return wordsOf([step.by, step.reason, step.edited?.to]);
    case "attempt":
      return wordsOf([step.error?.code, step.error?.message]);
    case "progress":
    case "task":
      return wordsOf(step.message);
    case "log":
      return wordsOf(step.text);
    case "input":
      return wordsOf([step.by, step.asked, step.answer, step.reason]);
    case "result":
      return wordsOf([step.error?.code, step.error?.message, ...answered(step.result)]);
    case "decided":
    case "waiting":
    case "circuit":
      return "";
  }
}

/** The text of a call with one step's more, within bounds. */
export function withStepText(text: string, more: string): string {
  return more === "" || text.length >= maxCallText ? text : `${text} ${more}`.slice(0, maxCallText);
}

/** What a call is called by. */
export function callNames(row: Invocation): string {
  const { server, tool, client, rule, errorCode } = row;
  return searchable([server, tool, client, rule, errorCode].filter((name) => name !== null).join(" "));
}

/** The text as it is, and again with what `camelCase` and scripts without spaces run together taken apart. */
export function searchable(text: string): string {
  const apart = takenApart(text);
  return apart === text ? text : `${text}\n${apart}`;
}

/**
 * The filter's words and names as an FTS5 expression; `null` where it has no words. Each word counts from its beginning, all must be
 * there, and what stands in double quotes is meant as it is. The names only narrow what is looked through: a `filename` is found too.
 */
export function matchExpression({ text = "", server, tool, client }: InvocationFilter): string | null {
  const parts = [...text.matchAll(/"([^"]*)"|[^\s"]+/gu)].flatMap(([piece, quoted]) => {
    const word = quoted ?? piece;
    if (!sign.test(word)) return [];
    const known = word.search(unspaced) < 0 ? word : takenApart(word);
    return [quoted === undefined ? `"${known}"*` : `"${known}"`];
  });
  if (parts.length === 0) return null;
  for (const name of [server, tool, client]) {
    if (name !== undefined && sign.test(name)) parts.push(`names : "${name.replaceAll('"', '""')}"`);
  }
  return parts.join(" AND ");
}

/** What an answer says: a tool's blocks, a resource's contents or a prompt's messages. */
function answered(result: Extract<TimelineStep, { kind: "result" }>["result"]): unknown[] {
  const { content, contents, messages, description, structuredContent } = (result ?? {}) as Record<string, unknown>;
  const blocks = [...listOf(content), ...listOf(contents), ...listOf(messages).map((message) => message["content"])];
  return [description, blocks.map(said), structuredContent];
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

/** What a block of a result says, without the protocol's own words. */
function said(block: unknown): unknown {
  const { text, uri, name, resource } = (block ?? {}) as Record<string, unknown>;
  return [text, name, uri, resource];
}

/** What `camelCase` and scripts without spaces run together, taken apart. */
export function takenApart(text: string): string {
  return text.replace(hump, " ").replace(unspaced, " $& ");
}

/** Keys and values, in order, without what is only encoded. */
function wordsOf(value: unknown): string {
  const words: string[] = [];
  let left = maxStepText;
  const add = (word: string) => {
    if (word === "" || encoded.test(word)) return;
    words.push(word.length > left ? word.slice(0, left) : word);
    left -= word.length + 1;
  };
  const visit = (part: unknown, depth: number): void => {
    if (left <= 0 || depth > depthLimit || part === null || part === undefined) return;
    if (typeof part === "string") return add(part);
    if (typeof part === "number" || typeof part === "bigint") return add(String(part));
    if (Array.isArray(part)) {
      for (const item of part) visit(item, depth + 1);
    } else if (typeof part === "object") {
      for (const [key, member] of Object.entries(part)) {
        if (left <= 0) return;
        add(key);
        visit(member, depth + 1);
      }
    }
  };
  visit(value, 0);
  return words.join(" ");
}
