/** What a definition has to do with the tools of other servers. */

import type { PinWarning } from "../../../shared/pin.ts";
import { textsOf } from "./definition-texts.ts";
import type { ListedTool } from "./fingerprint.ts";

type Namesake = { server: string; fingerprint: string };

const word = /[\p{L}\p{N}_.-]{5,100}/gu;
/** A name of several words is a tool's own; one plain word may mean anything. */
const isSpecific = /[_-]|[a-z][A-Z]/;

/** Every tool that is listed now, by its name. */
export class Neighbours {
  #byName = new Map<string, Namesake[]>();

  add(tool: string, namesake: Namesake): void {
    const known = this.#byName.get(tool);
    if (known) known.push(namesake);
    else this.#byName.set(tool, [namesake]);
  }

  /** @param words what `wordsOf` gives of the tool */
  warnings({ server, fingerprint }: Namesake, name: string, words: ReadonlyMap<string, string>): PinWarning[] {
    const warnings: PinWarning[] = [];
    // The same server in two places has the same tools twice.
    const others = this.#of(name).filter((other) => other.server !== server && other.fingerprint !== fingerprint);
    if (others.length > 0) {
      warnings.push({
        code: "same_name_elsewhere",
        where: "name",
        excerpt: others.map((other) => other.server).join(", "),
      });
    }
    for (const [found, where] of words) {
      const meant = found === name ? undefined : this.#elsewhere(found, server);
      if (!meant) continue;
      warnings.push({ code: "other_server", where, excerpt: meant });
      break;
    }
    return warnings;
  }

  /** The tool of another server that a word names, as `server.tool`. */
  #elsewhere(found: string, server: string): string | undefined {
    const dot = found.indexOf(".");
    const [owner, tool] = dot > 0 ? [found.slice(0, dot), found.slice(dot + 1)] : [null, found];
    const meant = this.#of(tool);
    if (meant.length === 0 || meant.some((each) => each.server === server)) return undefined;
    const named = owner === null ? isSpecific.test(tool) && meant[0] : meant.find((each) => each.server === owner);
    return named ? `${named.server}.${tool}` : undefined;
  }

  #of(name: string): readonly Namesake[] {
    return this.#byName.get(name) ?? [];
  }
}

/** The words of a definition that can be the names of tools, each with the first place where it stands. */
export function wordsOf(tool: ListedTool): Map<string, string> {
  const words = new Map<string, string>();
  for (const { where, text } of textsOf(tool)) {
    for (const [found] of text.matchAll(word)) {
      const bare = found.replace(/[.-]+$/, "");
      if (!words.has(bare) && (isSpecific.test(bare) || bare.includes("."))) words.set(bare, where);
    }
  }
  return words;
}
