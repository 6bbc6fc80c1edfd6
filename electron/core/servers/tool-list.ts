import type { Tool } from "@modelcontextprotocol/client";
import type { Redactor } from "../secrets/redact.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { KeptList } from "./kept-list.ts";
import type { Session } from "./session.ts";

/** A tool as its server describes it; `stale` where the server is down and this is what it last had. */
export type KnownTool = { server: string; tool: Tool; stale: boolean };

/** The tools of one server: the last list that it gave, secrets masked, and whether it still stands. */
export class ToolList {
  #list: KeptList<Tool>;
  #known: readonly KnownTool[] = [];
  #byName = new Map<string, Tool>();

  constructor(
    server: string,
    log: ConnectionLog,
    { redactor, onToolsChange }: { redactor: Redactor; onToolsChange: () => void },
  ) {
    const keep = () => {
      const { items, isStale: stale } = this.#list;
      this.#byName = new Map(items.map((tool) => [tool.name, tool]));
      this.#known = items.map((tool) => ({ server, tool, stale }));
      onToolsChange();
    };
    const ask = (session: Session, timeoutMs: number) => session.listTools(timeoutMs);
    this.#list = new KeptList({ what: "tools", ask, log, redactor, onChange: keep });
  }

  get known(): readonly KnownTool[] {
    return this.#known;
  }

  find(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  /**
   * Asks for the list. A server that cannot give it keeps its last known one, and its log says why.
   * @returns why it was not given
   */
  refresh(session: Session, timeoutMs: number): Promise<Error | null> {
    return this.#list.refresh(session, timeoutMs);
  }

  markStale(): void {
    this.#list.markStale();
  }
}
