import MiniSearch from "minisearch";
import type { Tool } from "@modelcontextprotocol/server";
import type { Offered } from "../offer.ts";

/** A tool that was found. */
export type FoundTool = {
  offered: Offered<Tool>;
  /** How well it fits, from 1 for the best downwards. */
  score: number;
};

type Entry = { name: string; server: string; words: string; title: string; description: string; parameters: string };
type Indexed = { offered: Offered<Tool>; entry: Entry };

/** Words that stand in most descriptions, and say nothing of what is looked for. */
const fillers = new Set(
  "a all an and any are as at be by can do for from how i if in into is it me my of on or that the this to use via want what with you".split(
    " ",
  ),
);
/** So much of a schema is read: beyond, there is nothing that a person would look for. */
const deepest = 4;
const longestText = 4_000;
/** Tools that are read before others get their turn: a few milliseconds. */
const atATime = 50;

/** A ranked search over tools, by what they are called, what they say that they do, and what they take. */
export class ToolIndex {
  #search = new MiniSearch<Entry>({
    idField: "name",
    fields: ["words", "title", "description", "parameters"],
    tokenize: words,
    processTerm: (term) => (fillers.has(term) ? null : term),
    searchOptions: {
      boost: { words: 4, title: 3, description: 2 },
      // Short words are too like each other to be mistyped.
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      prefix: (term) => term.length > 2,
      weights: { fuzzy: 0.3, prefix: 0.5 },
    },
  });
  #indexed = new Map<string, Indexed>();
  #updated = Promise.resolve();

  /** Makes the index that of these tools. What has not changed costs next to nothing, and calls go on while the rest is read. */
  update(tools: readonly Offered<Tool>[]): Promise<void> {
    this.#updated = this.#updated.then(() => this.#update(tools));
    return this.#updated;
  }

  async #update(tools: readonly Offered<Tool>[]): Promise<void> {
    const gone = new Set(this.#indexed.keys());
    let read = 0;
    for (const offered of tools) {
      const { name } = offered.item;
      gone.delete(name);
      const known = this.#indexed.get(name);
      if (known?.offered.source === offered.source) {
        known.offered = offered;
        continue;
      }
      if (read > 0 && read % atATime === 0) await new Promise(setImmediate);
      read += 1;
      this.#put(offered, known);
    }
    for (const name of gone) {
      this.#search.remove(this.#indexed.get(name)!.entry);
      this.#indexed.delete(name);
    }
  }

  /** The best first, and how many there are in all. @param server the one whose tools are meant; all, unless given */
  find(query: string, limit: number, server?: string): { found: FoundTool[]; total: number } {
    const isMeant = (name: string) => server === undefined || this.#indexed.get(name)!.offered.server === server;
    const results = this.#search.search(query, { filter: ({ id }) => isMeant(id as string) });
    const best = results[0]?.score ?? 1;
    const found = results.slice(0, limit).map(({ id, score }) => {
      return { offered: this.#indexed.get(id as string)!.offered, score: Math.round((score / best) * 100) / 100 };
    });
    return { found, total: results.length };
  }

  #put(offered: Offered<Tool>, known: Indexed | undefined): void {
    if (known) this.#search.remove(known.entry);
    const entry = entryOf(offered);
    this.#search.add(entry);
    this.#indexed.set(entry.name, { offered, entry });
  }
}

function entryOf({ server, name, source, item }: Offered<Tool>): Entry {
  const title = [source.title, source.annotations?.title].filter(Boolean).join(" ");
  const description = source.description ?? "";
  const parameters = parameterWords(source.inputSchema, 0).join(" ");
  return {
    ...{ name: item.name, server, words: `${server} ${name}` },
    ...{ title: cut(title), description: cut(description), parameters: cut(parameters) },
  };
}

/** The names of a schema's properties, and what it says of them. */
function parameterWords(schema: unknown, depth: number): string[] {
  if (depth > deepest || typeof schema !== "object" || schema === null) return [];
  const { properties, items, description } = schema as Record<string, unknown>;
  const own = typeof description === "string" && depth > 0 ? [description] : [];
  const below =
    typeof properties === "object" && properties !== null
      ? Object.entries(properties).flatMap(([name, each]) => [name, ...parameterWords(each, depth + 1)])
      : [];
  return [...own, ...below, ...parameterWords(items, depth + 1)];
}

/** `create_pullRequest` is three words. */
function words(text: string): string[] {
  const parts = text.replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").split(/[^\p{L}\p{N}]+/u);
  return parts.filter((part) => part !== "").map((part) => part.toLowerCase());
}

function cut(text: string): string {
  return text.slice(0, longestText);
}
