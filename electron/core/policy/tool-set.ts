import { LRUCache } from "lru-cache";
import { matchesName, parseGlob, toCharacters, type GlobTokens } from "./glob.ts";

type Pattern = { server: GlobTokens; tool: GlobTokens };

/** Answers that are kept: about the tools that there are, not about every name that a server may think of over time. */
const mostKnown = 10_000;

/** Servers and tools by name: `server`, or `server.tool`; in both parts `*` stands for any run of characters and `?` for one. */
export class ToolSet {
  #patterns: readonly Pattern[];
  #known = new LRUCache<string, boolean>({ max: mostKnown });

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => {
      const dot = pattern.indexOf(".");
      if (dot < 0) return { server: parseGlob(pattern), tool: parseGlob("*") };
      return { server: parseGlob(pattern.slice(0, dot)), tool: parseGlob(pattern.slice(dot + 1)) };
    });
  }

  has(server: string, tool: string): boolean {
    const name = `${server}.${tool}`;
    return this.#known.get(name) ?? this.#judge(server, tool, name);
  }

  /** Whether anything of the server could be in it. */
  hasServer(server: string): boolean {
    return this.#ofServer(server).length > 0;
  }

  #judge(server: string, tool: string, name: string): boolean {
    const characters = toCharacters(tool);
    const has = this.#ofServer(server).some((pattern) => matchesName(pattern.tool, characters));
    this.#known.set(name, has);
    return has;
  }

  #ofServer(server: string): Pattern[] {
    const characters = toCharacters(server);
    return this.#patterns.filter((pattern) => matchesName(pattern.server, characters));
  }
}
