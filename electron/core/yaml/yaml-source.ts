/** YAML as plain data that remembers where each key and value stands. Refuses what could hide or explode: aliases, anchors, directives, depth. */

import { Composer, isAlias, isMap, isScalar, LineCounter, Parser } from "yaml";
import type { CST, Document, ParsedNode, Scalar, YAMLMap } from "yaml";

const MAX_DEPTH = 32;

export type SourcePath = readonly PropertyKey[];
export type SourceProblem = { message: string; line: number; column: number; path?: string };

/** Where one value stands, and what is in it. Offsets count from the text's beginning. */
type Place = { keyOffset: number; valueOffset: number; children: Map<PropertyKey, Place> };

export type YamlSource = {
  /** Maps, lists, strings, finite or infinite numbers, booleans and nulls. */
  value: unknown;
  problems: SourceProblem[];
  /** Where the value of a path stands, or where its key does; for a path that is not there, the nearest that holds it. */
  locate(path: SourcePath, what: "key" | "value"): { line: number; column: number };
};

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const { tokens, refusal } = tokenize(text, lines);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: SourceProblem[] = [];
  const report = (offset: number, message: string, path: SourcePath = []) => {
    problems.push({ message, ...at(offset), ...(path.length > 0 && { path: formatPath(path) }) });
  };

  const root: Place = { keyOffset: 0, valueOffset: 0, children: new Map() };
  const locate: YamlSource["locate"] = (path, what) => {
    let place = root;
    for (const key of path) {
      const child = place.children.get(key);
      if (!child) return at(place.keyOffset);
      place = child;
    }
    return at(what === "key" ? place.keyOffset : place.valueOffset);
  };
  if (refusal) {
    report(refusal.offset, refusal.message);
    return { value: undefined, problems, locate };
  }

  const document = compose(tokens, text.length);
  for (const fault of [...document.errors, ...document.warnings]) report(fault.pos[0], fault.message);
  const value = problems.length > 0 || !document.contents ? null : readNode(document.contents, [], root, report);
  return { value, problems, locate };
}

/** Stops at the first thing that makes the rest not worth reading, so that hostile text costs little. */
function tokenize(text: string, lines: LineCounter) {
  const tokens: CST.Token[] = [];
  let hasDocument = false;
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    const message = refuse(token, hasDocument);
    if (message) return { tokens, refusal: { offset: Math.max(token.offset, 0), message } };
    hasDocument ||= token.type === "document";
    tokens.push(token);
  }
  return { tokens };
}

function refuse(token: CST.Token, hasDocument: boolean): string | undefined {
  if (token.type === "directive") return "directives (lines that start with %) are not allowed";
  if (token.type === "error") return token.message;
  if (token.type !== "document") return undefined;
  if (hasDocument) return "the file must be one YAML document; remove what follows ---";
  return depthExceeds(token.value, MAX_DEPTH) ? `nested deeper than ${MAX_DEPTH} levels` : undefined;
}

/** Whether lists and maps stand in one another more than `limit` times. Walks without recursion, since the depth is what is in doubt. */
function depthExceeds(root: CST.Token | undefined, limit: number): boolean {
  let level = root && "items" in root ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true;
    const within = level.flatMap(({ items }) => items.flatMap(({ key, value }) => [key, value]));
    level = within.filter((token) => token !== undefined && token !== null && "items" in token);
  }
  return false;
}

function compose(tokens: readonly CST.Token[], end: number): Document.Parsed {
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const [document] = [...composer.compose(tokens, true, end)];
  return document as Document.Parsed;
}

type Report = (offset: number, message: string, path: SourcePath) => void;

function readNode(node: ParsedNode, path: SourcePath, place: Place, report: Report): unknown {
  place.valueOffset = node.range[0];
  if (isAlias(node) || node.anchor !== undefined) {
    report(place.valueOffset, anchorRefusal, path);
    return null;
  }
  if (isScalar(node)) return node.value;
  if (isMap(node)) return readMap(node as YAMLMap.Parsed<Scalar.Parsed>, path, place, report);
  return node.items.map((item, index) =>
    readNode(item, [...path, index], addChild(place, index, item.range[0]), report),
  );
}

function readMap(node: YAMLMap.Parsed<Scalar.Parsed>, path: SourcePath, place: Place, report: Report): object {
  const map: Record<string, unknown> = {};
  for (const { key, value } of node.items) {
    const name = String(key.value);
    const offset = key.range[0];
    const refusal = place.children.has(name) ? `duplicate key \`${name}\`` : refuseKey(key, name);
    if (refusal) {
      report(offset, refusal, [...path, name]);
      continue;
    }
    const child = addChild(place, name, offset);
    map[name] = value ? readNode(value, [...path, name], child, report) : null;
  }
  return map;
}

const anchorRefusal = "aliases and anchors (* and &) are not allowed; write the value out";

function refuseKey(key: Scalar.Parsed, name: string): string | undefined {
  if (key.anchor !== undefined) return anchorRefusal;
  if (name === "<<") return "merge keys (<<) are not allowed; write the keys out";
  return name === "__proto__" ? "`__proto__` is not allowed as a key" : undefined;
}

function addChild(place: Place, key: PropertyKey, offset: number): Place {
  const child: Place = { keyOffset: offset, valueOffset: offset, children: new Map() };
  place.children.set(key, child);
  return child;
}

/** As a person writes it: `context_rules[0].condition`. */
export function formatPath(path: SourcePath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
