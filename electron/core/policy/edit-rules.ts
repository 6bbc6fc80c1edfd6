/** Puts rules into the text of a policy file and takes them out; every other line stays as a person wrote it. */

import { isMap, isSeq, parseDocument, stringify, type Document, type YAMLMap, type YAMLSeq } from "yaml";
import type { ContextRuleEntry } from "../../../shared/policy.ts";

const key = "context_rules";
type Node = { range: [number, number, number] };

/** The text with the rule before all other context rules, so that it speaks first. */
export function addContextRule(text: string, rule: ContextRuleEntry): string {
  const document = parseDocument(text);
  const rules = document.get(key);
  const newline = newlineOf(text);
  if (isBlock(rules)) {
    const indent = rules.range[0] - lineStart(text, rules.range[0]);
    // Above the comments that belong to the rule that was the first.
    const place = startAfterKey(document, text);
    return text.slice(0, place) + ruleLines(rule, indent, newline) + text.slice(place);
  }
  if (!document.has(key) && isMap(document.contents) && !document.contents.flow) {
    const end = text.endsWith("\n") ? text : text + newline;
    return `${end}${newline}${key}:${newline}${ruleLines(rule, 2, newline)}`;
  }
  // Written on one line, or with nothing in it: only the whole can be written anew.
  const others = isSeq(rules) ? rules.items : [];
  const list = document.createNode([rule]) as YAMLSeq;
  list.items.push(...others);
  document.set(key, list);
  return withNewlines(document.toString({ lineWidth: 0 }), newline);
}

/** The text without the context rule of that name; as it is where there is none. */
export function removeContextRule(text: string, name: string): string {
  const document = parseDocument(text);
  const rules = document.get(key);
  if (!isSeq(rules)) return text;
  const index = rules.items.findIndex((item) => isMap(item) && item.get("name") === name);
  if (index < 0) return text;
  if (!isBlock(rules) || rules.items.length === 1) {
    rules.items.splice(index, 1);
    return withNewlines(document.toString({ lineWidth: 0 }), newlineOf(text));
  }
  const { range } = rules.items[index] as Node;
  return text.slice(0, lineStart(text, range[0])) + text.slice(lineEnd(text, range[1]));
}

/** A list with one entry a line. */
function isBlock(rules: unknown): rules is YAMLSeq & Node {
  return isSeq(rules) && rules.flow !== true;
}

/** Where the line after `context_rules:` begins, in a document that has it. */
function startAfterKey({ contents }: Document, text: string): number {
  const pair = (contents as YAMLMap<Node & { value: unknown }>).items.find((each) => each.key.value === key);
  return lineEnd(text, pair!.key.range[1]);
}

function ruleLines(rule: ContextRuleEntry, indent: number, newline: string): string {
  const lines = stringify([rule], { lineWidth: 0 }).trimEnd().split("\n");
  return lines.map((line) => `${" ".repeat(indent)}${line}${newline}`).join("");
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset) + 1;
}

/** Where the line after that of the offset begins; a node's range may end there already. */
function lineEnd(text: string, offset: number): number {
  return Math.min(`${text}\n`.indexOf("\n", offset - 1) + 1, text.length);
}

function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function withNewlines(text: string, newline: string): string {
  return text.replaceAll("\n", newline);
}
