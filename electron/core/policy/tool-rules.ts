import { isStricter, type PermissionLevel } from "../../../shared/policy.ts";
import { countLiterals, matchesName, parseGlob, type Characters, type GlobTokens } from "./glob.ts";

/** A tool as rules know it: `server.tool`. */
export type QualifiedTool = { readonly name: string; readonly characters: Characters };

type Keyed = { readonly key: string; readonly level: PermissionLevel };

/** Rules keyed by `server.tool` or by a glob over it. */
export class ToolRules<Rule extends Keyed> {
  readonly #exact = new Map<string, Rule>();
  readonly #globs: { readonly rule: Rule; readonly tokens: GlobTokens }[];

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) if (!isGlob(rule.key)) this.#exact.set(rule.key, rule);
    this.#globs = rules
      .filter(({ key }) => isGlob(key))
      .toSorted(bySpecificity)
      .map((rule) => ({ rule, tokens: parseGlob(rule.key) }));
  }

  /** The rule with that exact key; else the matching glob with the most literal characters, the stricter of equals. */
  find({ name, characters }: QualifiedTool): Rule | undefined {
    return this.#exact.get(name) ?? this.#globs.find(({ tokens }) => matchesName(tokens, characters))?.rule;
  }

  /** Whether a key names exactly this tool. */
  names({ name }: QualifiedTool): boolean {
    return this.#exact.has(name);
  }
}

function isGlob(key: string): boolean {
  return /[*?]/.test(key);
}

/** The last comparison makes the choice independent of the order in the file. */
function bySpecificity(a: Keyed, b: Keyed): number {
  const literals = countLiterals(b.key) - countLiterals(a.key);
  if (literals !== 0) return literals;
  if (a.level !== b.level) return isStricter(a.level, b.level) ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
