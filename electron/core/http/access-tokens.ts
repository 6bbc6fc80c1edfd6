import {
  accessNameSchema,
  accessTokenSchema,
  clientViewSchema,
  wholeView,
  type AccessArea,
  type AccessToken,
  type ClientView,
  type NewAccessToken,
} from "../../../shared/access.ts";
import type { AuditEntry } from "../../../shared/audit.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import type { AccessDatabase, SqlRow, SqlValue } from "./access-database.ts";
import { mintToken, proves, readToken } from "./access-token.ts";
import { LoginTokens, type LoginTokensDeps } from "./login-tokens.ts";

/** Who a request comes from. */
export type Caller = {
  /** The id of the token that it carries. */
  id: string;
  name: string;
};

export type AccessTokensDeps = {
  database: AccessDatabase;
  clock: Clock;
  events: CoreEvents;
  /** Records a change with it, or throws and keeps it from being made. */
  record: LoginTokensDeps["record"] &
    ((kind: "client.made" | "client.revoked" | "client.view", entry: AuditEntry) => void);
};

/** How exactly `lastUsedAt` is kept: a request must not cost a write. */
const useToldMs = 60_000;

/** How long what was read of a token counts as what there is: a lease, so that most requests need not ask the disk. */
const leaseMs = 20;
/** How long a change takes to be told: until every lease that was taken before it is over, and what a timer may be early. */
const leaseOutMs = leaseMs + 5;
/** Tokens on lease; ids that are no token's are not among them. */
const mostLeased = 1_000;

/** Of a token that is gone, or whose settings cannot be read. */
const nothing: ClientView = { sees: [], lazy: false };

type Leased = { row: SqlRow; view: ClientView; until: number };

/** The tokens of those who come over HTTP. Hashes alone are kept, on disk. */
export class AccessTokens {
  /** Those that let a browser in, once. */
  readonly logins: LoginTokens;
  #deps: AccessTokensDeps;
  #leased = new Map<string, Leased>();

  constructor(deps: AccessTokensDeps) {
    this.#deps = deps;
    this.logins = new LoginTokens(deps);
  }

  /**
   * Makes a token. One that replaces another of its name sees what that one saw.
   * @param by who makes it
   * @returns the token, which nobody can read again
   * @throws MCPClientError `bad_request` where the name cannot be used or is in use; `journal_unavailable`
   */
  create(area: AccessArea, name: string, by: string): NewAccessToken {
    const parsed = accessNameSchema.safeParse(name);
    if (!parsed.success)
      throw new MCPClientError("bad_request", `${JSON.stringify(name)}: ${firstIssue(parsed.error)}.`);
    const { database, clock, record } = this.#deps;
    const { id, token, hash } = mintToken();
    database.write(
      () => {
        const isTaken = database.all(
          "SELECT id FROM access_tokens WHERE area = ? AND name = ? AND revoked_at IS NULL",
          ...[area, name],
        ).length;
        if (isTaken) {
          throw new MCPClientError("bad_request", `"${name}" has a token already.`, {
            hint: "Revoke that one first, or choose another name: records tell clients apart by their names.",
          });
        }
        const [before] = database.all(
          "SELECT view FROM access_tokens WHERE area = ? AND name = ? ORDER BY rowid DESC LIMIT 1",
          ...[area, name],
        );
        database.run(
          "INSERT INTO access_tokens (id, area, name, hash, created_at, view) VALUES (?, ?, ?, ?, ?, ?)",
          ...[id, area, name, hash, clock.wallNow(), before?.view ?? JSON.stringify(wholeView)],
        );
        record("client.made", { by, subject: name, detail: { area, token: id } });
      },
      { durable: true },
    );
    return { token, access: this.#told(id) };
  }

  /** Those in use first, the newest first among them. */
  list(area: AccessArea): AccessToken[] {
    return this.#deps.database
      .all("SELECT * FROM access_tokens WHERE area = ? ORDER BY revoked_at IS NOT NULL, created_at DESC, id", area)
      .map(toAccessToken);
  }

  /**
   * Ends a token for good; whoever carries it is refused from now on: here at once, and once it resolves by every process.
   * @param by who ends it
   * @throws MCPClientError `not_found`, `journal_unavailable`
   */
  async revoke(id: string, by: string): Promise<AccessToken> {
    const { database, clock, record } = this.#deps;
    database.write(
      () => {
        const { area, name, revokedAt } = this.#get(id);
        if (revokedAt !== null) return;
        database.run("UPDATE access_tokens SET revoked_at = ? WHERE id = ?", clock.wallNow(), id);
        record("client.revoked", { by, subject: name, detail: { area, token: id } });
      },
      { durable: true },
    );
    this.#leased.delete(id);
    const access = this.#told(id);
    await clock.sleep(leaseOutMs);
    return access;
  }

  /**
   * Changes what a client of the gateway is shown: here at once, and once it resolves in every process.
   * @param by who changes it
   * @throws MCPClientError `bad_request` where a pattern cannot be used or it is no client's, `not_found`, `journal_unavailable`
   */
  async setView(id: string, wanted: ClientView, by: string): Promise<AccessToken> {
    const { success, data: view, error } = clientViewSchema.safeParse(wanted);
    if (!success) {
      const at = error.issues[0]?.path.at(-1);
      const pattern = typeof at === "number" ? `${JSON.stringify(wanted.sees?.[at])}: ` : "";
      throw new MCPClientError("bad_request", `${pattern}${firstIssue(error)}.`);
    }
    const { database, clock, record } = this.#deps;
    database.write(
      () => {
        const { area, name, revokedAt } = this.#get(id);
        if (area !== "gateway" || revokedAt !== null) {
          throw new MCPClientError("bad_request", `"${name}" is no client of the gateway whose token is in use.`);
        }
        database.run("UPDATE access_tokens SET view = ? WHERE id = ?", JSON.stringify(view), id);
        record("client.view", { by, subject: name, detail: { token: id, ...view } });
      },
      { durable: true },
    );
    this.#leased.delete(id);
    const access = this.#told(id);
    await clock.sleep(leaseOutMs);
    return access;
  }

  /** What a client is shown now. One whose token does not stand, or whose settings cannot be read, is shown nothing. */
  viewOf(id: string): ClientView {
    const leased = this.#lease(id);
    return leased && leased.row.revoked_at === null ? leased.view : nothing;
  }

  /** @returns who carries the token; `null` where it opens nothing here. */
  verify(area: AccessArea, token: string): Caller | null {
    const read = readToken(token);
    if (!read) return null;
    const row = this.#lease(read.id)?.row;
    if (!row || !proves(read.secret, String(row.hash))) return null;
    if (row.area !== area || row.revoked_at !== null) return null;
    this.#noteUse(read.id, row.last_used_at === null ? null : Number(row.last_used_at));
    return { id: read.id, name: String(row.name) };
  }

  /** Whether a token that was verified still stands. */
  isActive(id: string): boolean {
    return this.#deps.database.all("SELECT id FROM access_tokens WHERE id = ? AND revoked_at IS NULL", id).length > 0;
  }

  #lease(id: string): Leased | undefined {
    const now = this.#deps.clock.now();
    const known = this.#leased.get(id);
    if (known && now < known.until) return known;
    const row = this.#deps.database.all("SELECT * FROM access_tokens WHERE id = ?", id)[0];
    if (this.#leased.size >= mostLeased) this.#leased.clear();
    if (!row) return undefined;
    // What has not changed is not read again, so that what was made of it still counts.
    const view = known && known.row.view === row.view ? known.view : readView(row.view);
    const leased = { row, view, until: now + leaseMs };
    this.#leased.set(id, leased);
    return leased;
  }

  #noteUse(id: string, before: number | null): void {
    const { database, clock } = this.#deps;
    const now = clock.wallNow();
    if (before !== null && Math.abs(now - before) < useToldMs) return;
    try {
      database.write(() => database.run("UPDATE access_tokens SET last_used_at = ? WHERE id = ?", now, id));
      this.#leased.delete(id);
      this.#told(id);
    } catch {
      // A journal that cannot be written refuses calls in its own words; who asks is known all the same.
    }
  }

  #told(id: string): AccessToken {
    const access = this.#get(id);
    this.#deps.events.emit("access.changed", access);
    return access;
  }

  #get(id: string): AccessToken {
    const row = this.#deps.database.all("SELECT * FROM access_tokens WHERE id = ?", id)[0];
    if (!row)
      throw new MCPClientError("not_found", `There is no token ${JSON.stringify(id)}.`, {
        hint: "`switchgear token list` lists them by their ids.",
      });
    return toAccessToken(row);
  }
}

function toAccessToken(row: SqlRow): AccessToken {
  return accessTokenSchema.parse({
    ...{ id: row.id, area: row.area, name: row.name },
    ...{ createdAt: row.created_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at },
    view: readView(row.view),
  });
}

function readView(text: SqlValue | undefined): ClientView {
  try {
    return clientViewSchema.parse(JSON.parse(String(text)));
  } catch {
    return nothing;
  }
}

function firstIssue({ issues }: { issues: readonly { message: string }[] }): string {
  return issues[0]?.message ?? "not a name";
}
