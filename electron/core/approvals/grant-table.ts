import { grantSchema, type Grant } from "../../../shared/grant.ts";
import type { TicketDatabase } from "./ticket-table.ts";

/** A grant about to be written. */
export type NewGrant = Omit<Grant, "args" | "state" | "revoked" | "uses"> & {
  /** `always`: what it is for, as canonical JSON and as a ticket's hash. */
  exact: { argsJson: string; hash: string } | null;
  /** `session`: the process whose calls it is for. */
  owner: string | null;
};

/** A grant as it is written; whether it still holds is for the reader to say. */
export type StoredGrant = Omit<Grant, "state"> & { hash: string | null; owner: string | null };

/** What a grant has to be for. */
export type GrantedCall = { server: string; tool: string; client: string; environment: string; fingerprint: string };

const selectGrants = "SELECT *, (SELECT count(*) FROM tickets WHERE grant_id = grants.id) AS uses FROM grants";
const storedSchema = grantSchema.omit({ state: true });

/** The grants in SQL. Changes stand in a transaction of the caller's. */
export class GrantTable {
  #database: TicketDatabase;

  constructor(database: TicketDatabase) {
    this.#database = database;
  }

  insert(grant: NewGrant): void {
    this.#database.run(
      `INSERT INTO grants (id, kind, server, tool, client, environment, rule, fingerprint, args, hash, owner, expires_at, ticket_id,
         given_by, given_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[grant.id, grant.kind, grant.server, grant.tool, grant.client, grant.environment, grant.rule],
      ...[grant.fingerprint, grant.exact?.argsJson ?? null, grant.exact?.hash ?? null, grant.owner, grant.expiresAt],
      ...[grant.ticketId, grant.by, grant.at],
    );
  }

  /** Compare and set. @returns whether it was not revoked before */
  revoke(id: string, { by, at, reason }: NonNullable<Grant["revoked"]>): boolean {
    const changed = this.#database.run(
      "UPDATE grants SET revoked_by = ?, revoked_at = ?, revoked_reason = ? WHERE id = ? AND revoked_at IS NULL",
      ...[by, at, reason, id],
    );
    return changed === 1;
  }

  get(id: string | null): StoredGrant | null {
    return this.#select("WHERE id = ?", id)[0] ?? null;
  }

  /** Those that no rule of the file stands for, were not revoked and are for this call; newest first. */
  open({ server, tool, client, environment, fingerprint }: GrantedCall): StoredGrant[] {
    return this.#select(
      `WHERE server = ? AND tool = ? AND client = ? AND environment = ? AND fingerprint = ? AND kind <> 'always'
         AND revoked_at IS NULL ORDER BY given_at DESC, id`,
      ...[server, tool, client, environment, fingerprint],
    );
  }

  /** Newest first. */
  latest(limit: number): StoredGrant[] {
    return this.#select("ORDER BY revoked_at IS NOT NULL, given_at DESC, id LIMIT ?", limit);
  }

  /** The process that asked for a ticket. */
  ownerOf(ticketId: string): string {
    return String(this.#database.all("SELECT owner FROM tickets WHERE id = ?", ticketId)[0]!.owner);
  }

  #select(where: string, ...params: (string | number | null)[]): StoredGrant[] {
    return this.#database.all(`${selectGrants} ${where}`, ...params).map((row) => ({
      ...storedSchema.parse({
        ...row,
        // Without arguments, the text is `null`.
        args: JSON.parse(String(row.args)),
        ticketId: row.ticket_id,
        by: row.given_by,
        at: row.given_at,
        expiresAt: row.expires_at,
        revoked:
          row.revoked_at === null ? null : { by: row.revoked_by, at: row.revoked_at, reason: row.revoked_reason },
      }),
      hash: row.hash as string | null,
      owner: row.owner as string | null,
    }));
  }
}
