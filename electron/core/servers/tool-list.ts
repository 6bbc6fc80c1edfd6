import type { Tool } from "@modelcontextprotocol/client";
import type { Redactor } from "../secrets/redact.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { maskTool } from "./mask-tool.ts";
import type { Session } from "./session.ts";

/** A tool as its server describes it; `stale` where the server is down and this is what it last had. */
export type KnownTool = { server: string; tool: Tool; stale: boolean };

/** The tools of one server: the last list that it gave, secrets masked, and whether it still stands. */
export class ToolList {
  #server: string;
  #log: ConnectionLog;
  #redactor: Redactor;
  #onChange: () => void;
  #tools: readonly KnownTool[] = [];
  #byName = new Map<string, Tool>();
  #text = "[]";
  #isStale = false;
  #refreshing: { session: Session; isOutdated: boolean; done: Promise<Error | null> } | null = null;

  constructor(
    server: string,
    log: ConnectionLog,
    { redactor, onToolsChange }: { redactor: Redactor; onToolsChange: () => void },
  ) {
    this.#server = server;
    this.#log = log;
    this.#redactor = redactor;
    this.#onChange = onToolsChange;
  }

  get known(): readonly KnownTool[] {
    return this.#tools;
  }

  find(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  get isStale(): boolean {
    return this.#isStale && this.#tools.length > 0;
  }

  /**
   * Asks for the list. A server that cannot give it keeps its last known one, and its log says why.
   * @returns why it was not given
   */
  refresh(session: Session, timeoutMs: number): Promise<Error | null> {
    const refreshing = this.#refreshing;
    if (refreshing?.session === session) {
      // The list under way may be from before the change.
      refreshing.isOutdated = true;
      return refreshing.done;
    }
    const current = { session, isOutdated: false, done: Promise.resolve<Error | null>(null) };
    this.#refreshing = current;
    current.done = this.#refreshUntilCurrent(current, timeoutMs);
    return current.done;
  }

  markStale(): void {
    if (this.#isStale) return;
    this.#set(
      this.#tools.map(({ tool }) => tool),
      true,
    );
  }

  async #refreshUntilCurrent(
    current: { session: Session; isOutdated: boolean },
    timeoutMs: number,
  ): Promise<Error | null> {
    try {
      do {
        current.isOutdated = false;
        const tools = await current.session.listTools(timeoutMs);
        if (this.#refreshing === current) this.#replace(tools.map((tool) => maskTool(tool, this.#redactor)));
      } while (current.isOutdated);
      return null;
    } catch (error) {
      this.#log.add("connection", `Its tools could not be listed: ${(error as Error).message}`);
      return error as Error;
    } finally {
      if (this.#refreshing === current) this.#refreshing = null;
    }
  }

  #replace(tools: readonly Tool[]): void {
    const text = JSON.stringify(tools);
    if (text !== this.#text || this.#isStale) this.#set(tools, false);
    this.#text = text;
  }

  #set(tools: readonly Tool[], stale: boolean): void {
    this.#isStale = stale;
    this.#byName = new Map(tools.map((tool) => [tool.name, tool]));
    this.#tools = tools.map((tool) => ({ server: this.#server, tool, stale }));
    this.#byName = new Map(tools.map((tool) => [tool.name, tool]));
    if (this.#tools.length > 0 || !stale) this.#onChange();
  }
}
