import { alertCauseSchema, alertSchema, type Alert, type AlertCause, type Delivery } from "../../../shared/alert.ts";

type SqlValue = string | number | null;
type SqlRow = Record<string, SqlValue>;

/** What the alerts need of the journal's database. */
export type AlertDatabase = {
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  run(sql: string, ...params: SqlValue[]): number;
  write<T>(work: () => T, options: { durable: boolean }): T;
};

/** Whom an alert is for. `mark` tells addresses apart without holding them, as they may hold a secret. */
export type Target = { to: string; mark: string };
export type NewAlert = { id: string; at: number; cause: AlertCause; recipients: readonly string[]; targets: Target[] };
/** One message to one webhook that is due. */
export type DueDelivery = {
  id: number;
  alert: string;
  at: number;
  cause: AlertCause;
  recipients: string[];
} & Target & {
    attempts: number;
  };

const dayMs = 86_400_000;
/** How long an alert is kept; what the audit chain says of it stays. */
const keptMs = 90 * dayMs;
const listed = 100;

/** Every change takes the next revision, so that another process finds exactly what it has not seen. */
const nextRevision = "(SELECT coalesce(max(revision), 0) + 1 FROM alerts)";

/** Alerts and whom they are sent to, in SQL; several processes use it at once. */
export class AlertTable {
  #database: AlertDatabase;

  constructor(database: AlertDatabase) {
    this.#database = database;
  }

  /** Whether this was raised, by the same rule and about the same, after `since`. Inside the transaction that raises it otherwise. */
  wasRaised(cause: AlertCause, since: number): boolean {
    const sql = "SELECT 1 FROM alerts WHERE identity = ? AND at > ? LIMIT 1";
    return this.#database.all(sql, identityOf(cause), since).length > 0;
  }

  /** Inside a transaction. */
  insert({ id, at, cause, recipients, targets }: NewAlert): void {
    this.#database.run(
      `INSERT INTO alerts (id, revision, raised_as, at, identity, cause, recipients)
       VALUES (?, ${nextRevision}, ${nextRevision}, ?, ?, ?, ?)`,
      ...[id, at, identityOf(cause), JSON.stringify(cause), JSON.stringify(recipients)],
    );
    for (const { to, mark } of targets) {
      const sql = "INSERT INTO alert_deliveries (alert, place, mark, next_at) VALUES (?, ?, ?, ?)";
      this.#database.run(sql, id, to, mark, at);
    }
    this.#database.run("DELETE FROM alerts WHERE at < ?", at - keptMs);
  }

  /** Those that nobody has dismissed, newest first. */
  open(): Alert[] {
    const rows = this.#database.all(
      `SELECT * FROM alerts WHERE dismissed_at IS NULL ORDER BY at DESC, revision DESC LIMIT ?`,
      listed,
    );
    return rows.map((row) => this.#toAlert(row));
  }

  /** The tickets that alerts which nobody has dismissed are about. */
  openEscalations(): { id: string; ticketId: string }[] {
    const rows = this.#database.all(
      `SELECT id, cause ->> 'ticketId' AS ticket FROM alerts WHERE dismissed_at IS NULL AND cause ->> 'kind' = 'escalation'`,
    );
    return rows.map(({ id, ticket }) => ({ id: String(id), ticketId: String(ticket) }));
  }

  get(id: string): Alert | null {
    const row = this.#database.all("SELECT * FROM alerts WHERE id = ?", id)[0];
    return row ? this.#toAlert(row) : null;
  }

  /** Inside a transaction. @returns whether nobody had before */
  dismiss(id: string, by: string, at: number): boolean {
    const sql = `UPDATE alerts SET revision = ${nextRevision}, dismissed_by = ?, dismissed_at = ? WHERE id = ? AND dismissed_at IS NULL`;
    return this.#database.run(sql, by, at, id) === 1;
  }

  revision(): number {
    return Number(this.#database.all("SELECT coalesce(max(revision), 0) AS revision FROM alerts")[0]!.revision);
  }

  /** What changed after a revision, in order; `isNew` where it was raised after it. */
  changesSince(revision: number): { revision: number; isNew: boolean; alert: Alert }[] {
    const rows = this.#database.all("SELECT * FROM alerts WHERE revision > ? ORDER BY revision", revision);
    return rows.map((row) => ({
      revision: Number(row.revision),
      isNew: Number(row.raised_as) > revision,
      alert: this.#toAlert(row),
    }));
  }

  /** Takes what is due for this process alone, until `heldUntil`: whoever takes it and dies leaves it to others then. */
  claim(now: number, heldUntil: number, limit: number): DueDelivery[] {
    const due = `state = 'pending' AND next_at <= ? AND held_until <= ?`;
    const ids = this.#database.all(
      `SELECT id FROM alert_deliveries WHERE ${due} ORDER BY next_at LIMIT ?`,
      now,
      now,
      limit,
    );
    if (ids.length === 0) return [];
    const take = () =>
      ids
        .map(({ id }) => Number(id))
        .filter(
          (id) =>
            this.#database.run(
              `UPDATE alert_deliveries SET held_until = ? WHERE id = ? AND ${due}`,
              ...[heldUntil, id, now, now],
            ) === 1,
        );
    return this.#database.write(take, { durable: true }).map((id) => this.#due(id));
  }

  /** Gives back what was claimed, unchanged. */
  release(id: number): void {
    const sql = "UPDATE alert_deliveries SET held_until = 0 WHERE id = ?";
    this.#database.write(() => this.#database.run(sql, id), { durable: true });
  }

  /** Inside a transaction: what became of an attempt. @param nextAt where it is tried again, wall-clock milliseconds */
  settle(id: number, { state, attempts, problem }: Omit<Delivery, "to">, nextAt: number): void {
    this.#database.run(
      `UPDATE alert_deliveries SET state = ?, attempts = ?, problem = ?, next_at = ?, held_until = 0 WHERE id = ?`,
      ...[state, attempts, problem, nextAt, id],
    );
    const touch = `UPDATE alerts SET revision = ${nextRevision} WHERE id = (SELECT alert FROM alert_deliveries WHERE id = ?)`;
    this.#database.run(touch, id);
  }

  #due(id: number): DueDelivery {
    const row = this.#database.all(
      `SELECT alert_deliveries.*, at, cause, recipients FROM alert_deliveries JOIN alerts ON alerts.id = alert WHERE alert_deliveries.id = ?`,
      id,
    )[0]!;
    return {
      ...{ id, alert: String(row.alert), at: Number(row.at), attempts: Number(row.attempts) },
      ...{ to: String(row.place), mark: String(row.mark) },
      cause: alertCauseSchema.parse(JSON.parse(String(row.cause))),
      recipients: JSON.parse(String(row.recipients)) as string[],
    };
  }

  #toAlert(row: SqlRow): Alert {
    const deliveries = this.#database.all("SELECT * FROM alert_deliveries WHERE alert = ? ORDER BY id", row.id!);
    return alertSchema.parse({
      id: row.id,
      at: row.at,
      cause: JSON.parse(String(row.cause)),
      recipients: JSON.parse(String(row.recipients)),
      deliveries: deliveries.map(({ place, state, attempts, problem }) => ({ to: place, state, attempts, problem })),
      dismissed: row.dismissed_at === null ? null : { by: row.dismissed_by, at: row.dismissed_at },
    });
  }
}

/** What makes two alerts one and the same while a window lasts: the rule, and what it is about. */
function identityOf(cause: AlertCause): string {
  const { kind, client, server, tool } = cause;
  const rule = kind === "escalation" ? [cause.ticketId] : [cause.threshold, cause.windowMinutes];
  return JSON.stringify([kind, ...rule, client, server, tool]);
}
