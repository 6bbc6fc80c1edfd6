import type { AuditEntry } from "../../../shared/audit.ts";
import type { Clock } from "../ports.ts";
import type { AccessDatabase } from "./access-database.ts";
import { mintToken, proves, readToken } from "./access-token.ts";

export type LoginTokensDeps = {
  database: AccessDatabase;
  clock: Clock;
  /** Records a login with it, or throws and keeps it from being made. */
  record: (kind: "login" | "logout", entry: AuditEntry) => void;
};

/** How long an address that logs in is good for, milliseconds. */
export const loginTokenMs = 10 * 60_000;

/** Tokens that log a browser in: each once, and soon. Hashes alone are kept, on disk, so that another process can make one. */
export class LoginTokens {
  #deps: LoginTokensDeps;

  constructor(deps: LoginTokensDeps) {
    this.#deps = deps;
  }

  /** @throws MCPClientError `journal_unavailable` */
  make(): string {
    const { database, clock } = this.#deps;
    const { id, token, hash } = mintToken();
    const now = clock.wallNow();
    database.write(() => {
      database.run("DELETE FROM login_tokens WHERE expires_at <= ?", now);
      database.run("INSERT INTO login_tokens (id, hash, expires_at) VALUES (?, ?, ?)", id, hash, now + loginTokenMs);
    });
    return token;
  }

  /**
   * Takes a token for the one login that it is good for.
   * @param session how the login is named in records
   * @returns whether it was good
   * @throws MCPClientError `journal_unavailable`
   */
  redeem(token: string, session: string): boolean {
    const { database, clock, record } = this.#deps;
    const read = readToken(token);
    if (!read) return false;
    return database.write(
      () => {
        const row = database.all("SELECT * FROM login_tokens WHERE id = ?", read.id)[0];
        if (!row || !proves(read.secret, String(row.hash)) || Number(row.expires_at) <= clock.wallNow()) return false;
        database.run("DELETE FROM login_tokens WHERE id = ?", read.id);
        record("login", { by: "browser", subject: session });
        return true;
      },
      { durable: true },
    );
  }

  /** Records that a login has ended. */
  ended(session: string, why: string): void {
    this.#deps.record("logout", { by: "browser", subject: session, detail: { why } });
  }
}
