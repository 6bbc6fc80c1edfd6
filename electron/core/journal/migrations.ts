/** The schema's history: the entry at index n leads from version n to n + 1. What has been released is never edited. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE invocations (
    id TEXT PRIMARY KEY,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    client TEXT NOT NULL,
    environment TEXT NOT NULL,
    phase TEXT NOT NULL,
    outcome TEXT,
    error_code TEXT,
    level TEXT,
    rule TEXT,
    started_at REAL NOT NULL,
    duration_ms REAL,
    waited_ms REAL NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT NOT NULL
  ) STRICT;
  CREATE INDEX invocations_by_time ON invocations (started_at, id);
  CREATE INDEX invocations_by_tool ON invocations (server, tool, started_at, id);
  CREATE INDEX invocations_by_server ON invocations (server, started_at, id);
  CREATE INDEX invocations_by_client ON invocations (client, started_at, id);
  CREATE INDEX invocations_by_outcome ON invocations (outcome, started_at, id);
  CREATE INDEX invocations_unfinished ON invocations (owner) WHERE phase <> 'done';

  CREATE TABLE steps (
    invocation_id TEXT NOT NULL REFERENCES invocations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (invocation_id, seq)
  ) STRICT;

  CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL UNIQUE,
    invocation_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'expired', 'cancelled', 'interrupted')),
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    args TEXT NOT NULL,
    hash TEXT NOT NULL,
    client TEXT NOT NULL,
    approval_message TEXT,
    rule TEXT NOT NULL,
    trace TEXT NOT NULL,
    requested_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    destructive_hint INTEGER,
    verdict_by TEXT,
    verdict_at REAL,
    verdict_reason TEXT,
    executed_at REAL,
    owner TEXT NOT NULL,
    CHECK ((state = 'pending') = (verdict_at IS NULL)),
    CHECK (executed_at IS NULL OR state = 'approved')
  ) STRICT;
  CREATE INDEX tickets_pending ON tickets (expires_at) WHERE state = 'pending';
  CREATE INDEX tickets_resolved ON tickets (verdict_at) WHERE state <> 'pending';
  CREATE INDEX tickets_approved ON tickets (server, tool, verdict_at) WHERE state = 'approved';

  CREATE TABLE circuit_transitions (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    server TEXT NOT NULL,
    tool TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX circuit_transitions_by_server ON circuit_transitions (server, id);
  `,
  `
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_acts ON audit (kind, seq) WHERE kind <> 'decision';
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit chain only grows'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit chain only grows'); END;

  CREATE TABLE audit_seals (
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_seals_by_seq ON audit_seals (seq);
  `,
  // A call's steps are written, read and pruned together, so they are stored together: as the lists in which they were written.
  `
  CREATE TABLE numbered_invocations (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    client TEXT NOT NULL,
    environment TEXT NOT NULL,
    phase TEXT NOT NULL,
    outcome TEXT,
    error_code TEXT,
    level TEXT,
    rule TEXT,
    started_at REAL NOT NULL,
    duration_ms REAL,
    waited_ms REAL NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT NOT NULL
  ) STRICT;
  INSERT INTO numbered_invocations (id, server, tool, client, environment, phase, outcome, error_code, level, rule,
      started_at, duration_ms, waited_ms, attempts, owner)
    SELECT id, server, tool, client, environment, phase, outcome, error_code, level, rule,
      started_at, duration_ms, waited_ms, attempts, owner FROM invocations ORDER BY started_at;

  CREATE TABLE timelines (
    part INTEGER PRIMARY KEY,
    invocation INTEGER NOT NULL REFERENCES numbered_invocations (seq) ON DELETE CASCADE,
    steps TEXT NOT NULL
  ) STRICT;
  INSERT INTO timelines (invocation, steps)
    SELECT seq, '[' || (SELECT group_concat(body) FROM (SELECT body FROM steps WHERE invocation_id = id ORDER BY steps.seq)) || ']'
    FROM numbered_invocations WHERE id IN (SELECT invocation_id FROM steps);

  CREATE TABLE traces (hash TEXT PRIMARY KEY, trace TEXT NOT NULL) STRICT, WITHOUT ROWID;

  DROP TABLE steps;
  DROP TABLE invocations;
  ALTER TABLE numbered_invocations RENAME TO invocations;
  CREATE INDEX invocations_by_time ON invocations (started_at, id);
  CREATE INDEX invocations_by_tool ON invocations (server, tool, started_at, id);
  CREATE INDEX invocations_by_server ON invocations (server, started_at, id);
  CREATE INDEX invocations_by_client ON invocations (client, started_at, id);
  CREATE INDEX invocations_by_outcome ON invocations (outcome, started_at, id);
  CREATE INDEX invocations_unfinished ON invocations (owner) WHERE phase <> 'done';
  CREATE INDEX timelines_by_invocation ON timelines (invocation);
    `,
  `
  CREATE TABLE pins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('accepted', 'new', 'changed', 'suspect', 'blocked')),
    fingerprint TEXT NOT NULL,
    by TEXT NOT NULL,
    why TEXT,
    definition TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pins_by_tool ON pins (server, tool, id);
  `,
  `
  CREATE TABLE access_tokens (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at REAL NOT NULL,
    last_used_at REAL,
    revoked_at REAL
  ) STRICT;
  CREATE UNIQUE INDEX access_tokens_in_use ON access_tokens (area, name) WHERE revoked_at IS NULL;
  `,
  `
  ALTER TABLE tickets ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
  ALTER TABLE tickets ADD COLUMN environment TEXT NOT NULL DEFAULT '';
  ALTER TABLE tickets ADD COLUMN unusual TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE tickets ADD COLUMN edited_args TEXT;
  ALTER TABLE tickets ADD COLUMN edited_hash TEXT;
  ALTER TABLE tickets ADD COLUMN grant_id TEXT;
  CREATE INDEX tickets_by_grant ON tickets (grant_id) WHERE grant_id IS NOT NULL;

  CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('time', 'session', 'always')),
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    client TEXT NOT NULL,
    environment TEXT NOT NULL,
    rule TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    args TEXT,
    hash TEXT,
    owner TEXT,
    expires_at REAL,
    ticket_id TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at REAL NOT NULL,
    revoked_by TEXT,
    revoked_at REAL,
    revoked_reason TEXT,
    CHECK ((kind = 'time') = (expires_at IS NOT NULL)),
    CHECK ((kind = 'session') = (owner IS NOT NULL)),
    CHECK ((kind = 'always') = (hash IS NOT NULL))
  ) STRICT;
  CREATE INDEX grants_by_tool ON grants (server, tool, client) WHERE revoked_at IS NULL;
  `,
  `
  ALTER TABLE tickets ADD COLUMN escalated_at REAL;

  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL UNIQUE,
    raised_as INTEGER NOT NULL,
    at REAL NOT NULL,
    identity TEXT NOT NULL,
    cause TEXT NOT NULL,
    recipients TEXT NOT NULL,
    dismissed_by TEXT,
    dismissed_at REAL,
    CHECK ((dismissed_by IS NULL) = (dismissed_at IS NULL))
  ) STRICT;
  CREATE INDEX alerts_by_identity ON alerts (identity, at);
  CREATE INDEX alerts_by_time ON alerts (at);

  CREATE TABLE alert_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    mark TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    next_at REAL NOT NULL,
    held_until REAL NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX alert_deliveries_of ON alert_deliveries (alert);
  CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at) WHERE state = 'pending';
  `,
  // The words of each call, for searching alone: the text itself is in the timelines. Rows are numbered as the calls are.
  `
  CREATE VIRTUAL TABLE call_texts USING fts5 (names, text, content = '', contentless_delete = 1, tokenize = 'unicode61');
  CREATE TRIGGER invocations_unfound AFTER DELETE ON invocations BEGIN DELETE FROM call_texts WHERE rowid = OLD.seq; END;
  INSERT INTO call_texts (rowid, names, text)
    SELECT seq, concat_ws(' ', server, tool, client, rule, error_code),
      (SELECT substr(group_concat(coalesce(key, '') || ' ' || atom, ' '), 1, 16384)
       FROM timelines, json_tree(steps)
       WHERE invocation = seq AND type IN ('text', 'integer', 'real')
         AND (fullkey GLOB '$[[]*].args*' OR fullkey GLOB '$[[]*].result.*' OR fullkey GLOB '$[[]*].error.*'))
    FROM invocations;
  `,
  `
  CREATE TABLE saved_requests (
    id TEXT PRIMARY KEY,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    name TEXT NOT NULL,
    args TEXT NOT NULL,
    saved_at REAL NOT NULL,
    UNIQUE (server, tool, name)
  ) STRICT;
  `,
  `
  ALTER TABLE access_tokens ADD COLUMN view TEXT NOT NULL DEFAULT '{"sees":null,"lazy":false}';
  `,
  // Hashes of what logs a browser in, once.
  `
  CREATE TABLE login_tokens (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    expires_at REAL NOT NULL
  ) STRICT;
  `,
  // What a shared database has not been given yet of this machine's audit records.
  `
  CREATE TABLE audit_outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit_sender (sender TEXT NOT NULL) STRICT;
  INSERT INTO audit_sender (sender) VALUES (lower(hex(randomblob(16))));
  `,
];
