import { randomUUID } from "node:crypto";
import { savedRequestSchema, type SavedRequest } from "../../../shared/saved-request.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { SqlDatabase, SqlRow } from "../journal/sql-database.ts";
import type { Clock } from "../ports.ts";
import type { Redactor } from "../secrets/redact.ts";

export type SavedRequestsDeps = { database: SqlDatabase; clock: Clock; events: CoreEvents; redactor: Redactor };

/** Calls that a person keeps to make again, by tool and name. */
export class SavedRequests {
  #deps: SavedRequestsDeps;

  constructor(deps: SavedRequestsDeps) {
    this.#deps = deps;
  }

  /** Of every tool, by name. @throws MCPClientError `journal_unavailable` */
  list(): SavedRequest[] {
    return this.#deps.database
      .all("SELECT * FROM saved_requests ORDER BY server, tool, name COLLATE NOCASE")
      .map(toRequest);
  }

  /**
   * Keeps a call under a name; one of the tool's that has the name is replaced.
   * @throws MCPClientError `bad_request` where the arguments hold a secret that is in use, `journal_unavailable`
   */
  save(asked: Pick<SavedRequest, "server" | "tool" | "name" | "args">): SavedRequest {
    const { clock, redactor, database } = this.#deps;
    const { server, tool, name, args } = asked;
    const json = JSON.stringify(args);
    if (JSON.stringify(redactor.value(args)) !== json || redactor.text(name) !== name) {
      throw new MCPClientError("bad_request", "The request holds a secret that is in use, so it is not kept.", {
        hint: "Take the secret out, or let the server read it from the vault or its environment.",
      });
    }
    const savedAt = clock.wallNow();
    const [row] = database.write(() =>
      database.all(
        `INSERT INTO saved_requests (id, server, tool, name, args, saved_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (server, tool, name) DO UPDATE SET args = excluded.args, saved_at = excluded.saved_at RETURNING *`,
        ...[randomUUID(), server, tool, name, json, savedAt],
      ),
    );
    return this.#told(toRequest(row!));
  }

  /** @throws MCPClientError `not_found`, `bad_request` where another of the tool's has the name, `journal_unavailable` */
  rename(id: string, name: string): SavedRequest {
    const { database } = this.#deps;
    const request = this.#get(id);
    const taken = this.list().some(
      (other) =>
        other.id !== id && other.server === request.server && other.tool === request.tool && other.name === name,
    );
    if (taken) {
      throw new MCPClientError("bad_request", `Another saved request of this tool is called ${JSON.stringify(name)}.`, {
        hint: "Choose another name.",
      });
    }
    database.write(() => database.run("UPDATE saved_requests SET name = ? WHERE id = ?", name, id));
    return this.#told({ ...request, name });
  }

  /** @throws MCPClientError `not_found`, `journal_unavailable` */
  remove(id: string): void {
    const { database } = this.#deps;
    const request = this.#get(id);
    database.write(() => database.run("DELETE FROM saved_requests WHERE id = ?", id));
    this.#told(request);
  }

  #get(id: string): SavedRequest {
    const [row] = this.#deps.database.all("SELECT * FROM saved_requests WHERE id = ?", id);
    if (!row) throw new MCPClientError("not_found", "This saved request is gone.");
    return toRequest(row);
  }

  #told(request: SavedRequest): SavedRequest {
    this.#deps.events.emit("requests.changed", {});
    return request;
  }
}

function toRequest(row: SqlRow): SavedRequest {
  return savedRequestSchema.parse({ ...row, args: JSON.parse(String(row.args)) as unknown, savedAt: row.saved_at });
}
