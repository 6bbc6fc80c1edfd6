import type { CircuitTransition } from "../../../shared/circuit.ts";
import type { SqlDatabase } from "./sql-database.ts";

/** Every transition of every circuit, operators' actions with who and why among them. */
export class TransitionLog {
  #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Written then and there. @throws MCPClientError `journal_unavailable` */
  add(transition: CircuitTransition): void {
    const { at, server, tool } = transition;
    this.#database.write(() =>
      this.#database.run(
        "INSERT INTO circuit_transitions (at, server, tool, body) VALUES (?, ?, ?, ?)",
        ...[at, server, tool, JSON.stringify(transition)],
      ),
    );
  }

  /** The latest of a server, newest first. @throws MCPClientError `journal_unavailable` */
  list(server: string, limit: number): CircuitTransition[] {
    return this.#database
      .all("SELECT body FROM circuit_transitions WHERE server = ? ORDER BY id DESC LIMIT ?", server, limit)
      .map(({ body }) => JSON.parse(String(body)) as CircuitTransition);
  }
}
