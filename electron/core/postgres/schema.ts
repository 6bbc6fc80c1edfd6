import { MCPClientError } from "../errors.ts";
import type { Statements } from "./statements.ts";

/** Milliseconds since the Unix epoch by the database's own clock, which is everybody's. */
export const databaseNow = "(extract(epoch FROM clock_timestamp()) * 1000)::float8";

/**
 * Whether the instance that `owner` names is gone: it has not said that it is there for $1 milliseconds, in which the database was there
 * to hear it.
 */
export const ownerIsGone = `(NOT EXISTS (SELECT 1 FROM switchgear.instances
    WHERE instances.id = owner AND seen_at > ${databaseNow} - $1::float8)
  AND extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000 > $1::float8)`;

/** The schema's history: the entry at index n leads from version n to n + 1. What has been released is never edited. */
const migrations: readonly string[] = [
  `
  CREATE TABLE switchgear.instances (
    id text PRIMARY KEY,
    host text NOT NULL,
    name text NOT NULL,
    seen_at float8 NOT NULL
  );

  CREATE SEQUENCE switchgear.revisions;

  CREATE TABLE switchgear.tickets (
    id text PRIMARY KEY,
    revision bigint NOT NULL UNIQUE,
    invocation_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'expired', 'cancelled', 'interrupted')),
    server text NOT NULL,
    tool text NOT NULL,
    args text NOT NULL,
    hash text NOT NULL,
    fingerprint text NOT NULL,
    client text NOT NULL,
    environment text NOT NULL,
    approval_message text,
    rule text NOT NULL,
    trace text NOT NULL,
    requested_at float8 NOT NULL,
    expires_at float8 NOT NULL,
    destructive_hint integer,
    unusual text NOT NULL,
    edited_args text,
    edited_hash text,
    grant_id text,
    verdict_by text,
    verdict_at float8,
    verdict_reason text,
    executed_at float8,
    escalated_at float8,
    owner text NOT NULL,
    CHECK ((state = 'pending') = (verdict_at IS NULL)),
    CHECK (executed_at IS NULL OR state = 'approved')
  );
  CREATE INDEX tickets_pending ON switchgear.tickets (expires_at) WHERE state = 'pending';
  CREATE INDEX tickets_resolved ON switchgear.tickets (verdict_at) WHERE state <> 'pending';
  CREATE INDEX tickets_approved ON switchgear.tickets (server, tool, verdict_at) WHERE state = 'approved';
  CREATE INDEX tickets_by_grant ON switchgear.tickets (grant_id) WHERE grant_id IS NOT NULL;

  CREATE TABLE switchgear.grants (
    id text PRIMARY KEY,
    revision bigint NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('time', 'session', 'always')),
    server text NOT NULL,
    tool text NOT NULL,
    client text NOT NULL,
    environment text NOT NULL,
    rule text NOT NULL,
    fingerprint text NOT NULL,
    args text,
    hash text,
    owner text,
    expires_at float8,
    ticket_id text NOT NULL,
    given_by text NOT NULL,
    given_at float8 NOT NULL,
    revoked_by text,
    revoked_at float8,
    revoked_reason text,
    CHECK ((kind = 'time') = (expires_at IS NOT NULL)),
    CHECK ((kind = 'session') = (owner IS NOT NULL)),
    CHECK ((kind = 'always') = (hash IS NOT NULL))
  );

  CREATE TABLE switchgear.audit (
    seq bigint PRIMARY KEY,
    at bigint NOT NULL,
    kind text NOT NULL,
    by text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
  );
  CREATE INDEX audit_acts ON switchgear.audit (kind, seq) WHERE kind <> 'decision';
  CREATE FUNCTION switchgear.audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit chain only grows'; END $$;
  CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON switchgear.audit
    FOR EACH ROW EXECUTE FUNCTION switchgear.audit_only_grows();
  CREATE TRIGGER audit_is_kept BEFORE TRUNCATE ON switchgear.audit
    FOR EACH STATEMENT EXECUTE FUNCTION switchgear.audit_only_grows();

  CREATE TABLE switchgear.audit_seals (
    seq bigint NOT NULL,
    hash text NOT NULL,
    at bigint NOT NULL,
    key text NOT NULL,
    signature text NOT NULL
  );
  CREATE INDEX audit_seals_by_seq ON switchgear.audit_seals (seq);

  CREATE TABLE switchgear.audit_senders (sender text PRIMARY KEY, last bigint NOT NULL);

  CREATE TABLE switchgear.invocations (
    id text PRIMARY KEY,
    server text NOT NULL,
    tool text NOT NULL,
    client text NOT NULL,
    environment text NOT NULL,
    phase text NOT NULL,
    outcome text,
    error_code text,
    level text,
    rule text,
    started_at float8 NOT NULL,
    duration_ms float8,
    waited_ms float8 NOT NULL,
    attempts integer NOT NULL,
    owner text NOT NULL,
    words tsvector NOT NULL
  );
  CREATE INDEX invocations_by_time ON switchgear.invocations (started_at, id);
  CREATE INDEX invocations_by_tool ON switchgear.invocations (server, tool, started_at, id);
  CREATE INDEX invocations_by_client ON switchgear.invocations (client, started_at, id);
  CREATE INDEX invocations_by_outcome ON switchgear.invocations (outcome, started_at, id);
  CREATE INDEX invocations_unfinished ON switchgear.invocations (owner) WHERE phase <> 'done';
  CREATE INDEX invocations_by_words ON switchgear.invocations USING gin (words);

  CREATE TABLE switchgear.timelines (
    invocation text NOT NULL REFERENCES switchgear.invocations (id) ON DELETE CASCADE,
    part integer NOT NULL,
    steps text NOT NULL,
    PRIMARY KEY (invocation, part)
  );

  CREATE TABLE switchgear.circuit_transitions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at float8 NOT NULL,
    server text NOT NULL,
    tool text,
    instance text NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX circuit_transitions_by_time ON switchgear.circuit_transitions (at);
  `,
  `
  ALTER TABLE switchgear.tickets ADD COLUMN escalating text, ADD COLUMN escalating_until float8;
  `,
  `
  CREATE TABLE switchgear.pin_verdicts (
    revision bigint PRIMARY KEY,
    at float8 NOT NULL,
    server text NOT NULL,
    tool text NOT NULL,
    standing text NOT NULL CHECK (standing IN ('accepted', 'blocked')),
    fingerprint text NOT NULL,
    by text NOT NULL,
    why text,
    host text NOT NULL
  );
  `,
];

/**
 * Brings the schema to the newest version in the transaction that it is called in, so that instances that start together do it once.
 * @throws MCPClientError `journal_unavailable` where a newer Switchgear made it
 */
export async function migrate({ query }: Statements): Promise<void> {
  await query("SELECT pg_advisory_xact_lock(hashtext('switchgear.schema'))");
  await query(
    `CREATE SCHEMA IF NOT EXISTS switchgear;
     CREATE TABLE IF NOT EXISTS switchgear.schema_version (version integer NOT NULL);`,
  );
  const [row] = await query("SELECT version FROM switchgear.schema_version");
  const version = Number(row?.version ?? 0);
  if (version > migrations.length) {
    throw new MCPClientError(
      "journal_unavailable",
      `The database's tables were made by a newer Switchgear: their version is ${version}, this one knows ${migrations.length}.`,
      { hint: "Start the newer Switchgear on this machine too." },
    );
  }
  if (version === migrations.length) return;
  for (const step of migrations.slice(version)) await query(step);
  if (!row) await query("INSERT INTO switchgear.schema_version (version) VALUES (0)");
  await query(`UPDATE switchgear.schema_version SET version = ${migrations.length}`);
}
