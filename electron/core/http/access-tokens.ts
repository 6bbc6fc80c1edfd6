import {
  accessNameSchema,
  accessTokenSchema,
  type AccessArea,
  type AccessToken,
  type NewAccessToken,
} from "../../../shared/access.ts";
import type { AuditEntry } from "../../../shared/audit.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { mintToken, proves, readToken } from "./access-token.ts";

type SqlValue = string | number | null;
type SqlRow = Record<string, SqlValue>;

/** What the tokens need of the journal's database. */
export type AccessDatabase = {
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  /** @returns how many rows it changed */
  run(sql: string, ...params: SqlValue[]): number;
  write<T>(work: () => T, options?: { durable?: boolean }): T;
};

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
  record: (kind: "client.made" | "client.revoked", entry: AuditEntry) => void;
};

/** How exactly `lastUsedAt` is kept: a request must not cost a write. */
const useToldMs = 60_000;

/** How long what was read of a token counts as what there is: a lease, so that most requests need not ask the disk. */
const leaseMs = 20;
/** How long a revocation takes to be told: until every lease that was taken before it is over, and what a timer may be early. */
const leaseOutMs = leaseMs + 5;
/** Tokens on lease; ids that are no token's are not among them. */
const mostLeased = 1_000;

/** The tokens of those who come over HTTP. Hashes alone are kept, on disk. */
export class AccessTokens {
  #deps: AccessTokensDeps;
  #leased = new Map<string, { row: SqlRow; until: number }>();

  constructor(deps: AccessTokensDeps) {
    this.#deps = deps;
  }

  /**
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
        database.run(
          "INSERT INTO access_tokens (id, area, name, hash, created_at) VALUES (?, ?, ?, ?, ?)",
          ...[id, area, name, hash, clock.wallNow()],
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

  /** @returns who carries the token; `null` where it opens nothing here. */
  verify(area: AccessArea, token: string): Caller | null {
    const read = readToken(token);
    if (!read) return null;
    const row = this.#row(read.id);
    if (!row || !proves(read.secret, String(row.hash))) return null;
    if (row.area !== area || row.revoked_at !== null) return null;
    this.#noteUse(read.id, row.last_used_at === null ? null : Number(row.last_used_at));
    return { id: read.id, name: String(row.name) };
  }

  /** Whether a token that was verified still stands. */
  isActive(id: string): boolean {
    return this.#deps.database.all("SELECT id FROM access_tokens WHERE id = ? AND revoked_at IS NULL", id).length > 0;
  }

  #row(id: string): SqlRow | undefined {
    const now = this.#deps.clock.now();
    const leased = this.#leased.get(id);
    if (leased && now < leased.until) return leased.row;
    const row = this.#deps.database.all("SELECT * FROM access_tokens WHERE id = ?", id)[0];
    if (this.#leased.size >= mostLeased) this.#leased.clear();
    if (row) this.#leased.set(id, { row, until: now + leaseMs });
    return row;
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
    if (!row) throw new MCPClientError("not_found", `There is no token ${JSON.stringify(id)}.`);
    return toAccessToken(row);
  }
}

function toAccessToken(row: SqlRow): AccessToken {
  return accessTokenSchema.parse({
    ...{ id: row.id, area: row.area, name: row.name },
    ...{ createdAt: row.created_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at },
  });
}

function firstIssue({ issues }: { issues: readonly { message: string }[] }): string {
  return issues[0]?.message ?? "not a name";
}
