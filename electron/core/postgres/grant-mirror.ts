import { grantSchema } from "../../../shared/grant.ts";
import type { Grant } from "../../../shared/grant.ts";
import type { GrantedCall, NewGrant, StoredGrant } from "../approvals/grant-table.ts";
import type { DatabaseLink } from "./database-link.ts";
import type { Row, Statements, Value } from "./statements.ts";
import { ReReading } from "./re-reading.ts";
import { databaseNow } from "./schema.ts";

const selectGrants = `SELECT grants.*, (SELECT count(*) FROM switchgear.tickets WHERE grant_id = grants.id) AS uses
  FROM switchgear.grants AS grants`;
const storedSchema = grantSchema.omit({ state: true });

/** Written in an instance's turn. Times are the database's. @param minutes how long a grant for a time holds */
export async function insertGrant({ query }: Statements, grant: NewGrant, minutes: number | null): Promise<void> {
  await query(
    `INSERT INTO switchgear.grants (id, revision, kind, server, tool, client, environment, rule, fingerprint, args, hash, owner,
       expires_at, ticket_id, given_by, given_at)
     VALUES ($1, nextval('switchgear.revisions'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ${databaseNow} + $12::float8 * 60000,
       $13, $14, ${databaseNow})`,
    ...[grant.id, grant.kind, grant.server, grant.tool, grant.client, grant.environment, grant.rule, grant.fingerprint],
    ...[grant.exact?.argsJson ?? null, grant.exact?.hash ?? null, grant.owner, minutes, grant.ticketId, grant.by],
  );
}

/** Compare and set. @returns whether it was not revoked before */
export async function revokeGrant({ query }: Statements, id: string, by: string, reason: string): Promise<boolean> {
  const rows = await query(
    `UPDATE switchgear.grants SET revision = nextval('switchgear.revisions'), revoked_by = $2, revoked_at = ${databaseNow},
       revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL RETURNING id`,
    ...[id, by, reason],
  );
  return rows.length > 0;
}

export async function readGrant(statements: Statements, id: string): Promise<StoredGrant | null> {
  return (await select(statements, "WHERE id = $1", id))[0]?.grant ?? null;
}

/** Newest first. */
export async function latestGrants(statements: Statements, limit: number): Promise<StoredGrant[]> {
  const where = "ORDER BY revoked_at IS NOT NULL, given_at DESC, id LIMIT $1";
  return (await select(statements, where, limit)).map(({ grant }) => grant);
}

/** The grants that may matter to a call, as this instance knows them: what it judges by without asking the database. */
export class GrantMirror {
  #link: DatabaseLink;
  #onChange: (grant: StoredGrant) => void;
  #grants = new Map<string, StoredGrant>();
  #revision: number | null = null;
  #reading = new ReReading(() => this.#catchUp());

  constructor(link: DatabaseLink, onChange: (grant: StoredGrant) => void) {
    this.#link = link;
    this.#onChange = onChange;
  }

  get(id: string | null): StoredGrant | null {
    return (id !== null && this.#grants.get(id)) || null;
  }

  /** As `GrantTable.open`. */
  open({ server, tool, client, environment, fingerprint }: GrantedCall): StoredGrant[] {
    return [...this.#grants.values()]
      .filter(
        (grant) => grant.kind !== "always" && grant.revoked === null && grant.server === server && grant.tool === tool,
      )
      .filter(
        (grant) => grant.client === client && grant.environment === environment && grant.fingerprint === fingerprint,
      )
      .toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  }

  /** Reads what has changed since. */
  read(): Promise<void> {
    return this.#reading.run();
  }

  async #catchUp(): Promise<void> {
    const isFirst = this.#revision === null;
    // Those that are over and of no rule in a policy file matter to nobody any more.
    const where = isFirst ? `WHERE kind = 'always' OR (revoked_at IS NULL AND ${stillRuns})` : "WHERE revision > $1";
    const changes = await select(this.#link, `${where} ORDER BY revision`, ...(isFirst ? [] : [this.#revision]));
    for (const { revision, grant } of changes) {
      this.#revision = revision;
      if (grant.kind !== "always" && grant.revoked !== null) this.#grants.delete(grant.id);
      else this.#grants.set(grant.id, grant);
      if (!isFirst) this.#onChange(grant);
    }
    this.#revision ??= 0;
  }
}

const stillRuns = `(expires_at IS NULL OR expires_at > ${databaseNow})`;

async function select({ query }: Statements, where: string, ...params: Value[]) {
  const rows = await query(`${selectGrants} ${where}`, ...params);
  return rows.map((row) => ({ revision: Number(row.revision), grant: toGrant(row) }));
}

function toGrant(row: Row): StoredGrant {
  const revoked: Grant["revoked"] =
    row.revoked_at === null
      ? null
      : { by: String(row.revoked_by), at: Number(row.revoked_at), reason: String(row.revoked_reason) };
  return {
    ...storedSchema.parse({
      ...row,
      // Without arguments, the text is `null`.
      args: JSON.parse(String(row.args)),
      ticketId: row.ticket_id,
      by: row.given_by,
      at: row.given_at,
      expiresAt: row.expires_at,
      uses: Number(row.uses),
      revoked,
    }),
    hash: row.hash as string | null,
    owner: row.owner as string | null,
  };
}
