import type { PinWarning } from "../../../shared/pin.ts";
import { toolFingerprint, type ListedTool } from "./fingerprint.ts";
import { wordsOf } from "./neighbours.ts";
import { ownWarnings } from "./warnings.ts";

/** What is computed of a definition, once each. */
export class DefinitionTraits {
  #fingerprints = new WeakMap<ListedTool, string>();
  #warnings = new WeakMap<ListedTool, PinWarning[]>();
  #words = new WeakMap<ListedTool, Map<string, string>>();
  #doubles = new WeakSet<ListedTool>();

  /** SHA-256, hex. */
  fingerprint(tool: ListedTool): string {
    return remember(this.#fingerprints, tool, toolFingerprint);
  }

  /** The words that can be the names of other tools, each with its place. */
  words(tool: ListedTool): ReadonlyMap<string, string> {
    return remember(this.#words, tool, wordsOf);
  }

  /** What it shows by itself. */
  warnings(tool: ListedTool): PinWarning[] {
    const own = remember(this.#warnings, tool, ownWarnings);
    return this.#doubles.has(tool) ? [...own, { code: "duplicate_name", where: "name", excerpt: tool.name }] : own;
  }

  /** Its server lists another tool of its name. */
  markDouble(tool: ListedTool): void {
    this.#doubles.add(tool);
  }
}

function remember<T>(kept: WeakMap<ListedTool, T>, tool: ListedTool, compute: (tool: ListedTool) => T): T {
  let value = kept.get(tool);
  if (value === undefined) kept.set(tool, (value = compute(tool)));
  return value;
}
