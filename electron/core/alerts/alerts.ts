import { randomUUID } from "node:crypto";
import type { Alert, AlertCause } from "../../../shared/alert.ts";
import type { AuditEntry, AuditKind } from "../../../shared/audit.ts";
import type { Ticket } from "../../../shared/approval.ts";
import type { Invocation } from "../../../shared/invocation.ts";
import type { PolicyFile } from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Awaitable, Clock, Logger } from "../ports.ts";
import { AlertTable, type AlertDatabase } from "./alert-table.ts";
import { CallCounts } from "./call-counts.ts";
import { Deliveries, type DeliveriesDeps } from "./deliveries.ts";
import { readEscalateTo, targetOf } from "./escalate-to.ts";

export type AlertsDeps = {
  database: AlertDatabase;
  clock: Clock;
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
  /** The policy file; `null` while it is invalid. */
  policy: () => PolicyFile | null;
  tickets: {
    /** Those that wait since `requestedAt` or longer, and are not escalated. */
    unanswered(requestedAt: number): Ticket[];
    /** Compare and set, in the transaction that it stands in. @returns whether it still waited, and this is the first */
    markEscalated(id: string, at: number): boolean;
    /** Hears that the alert about it is on disk. */
    escalated?(id: string): void;
    /** The ids of those that wait. */
    waiting(): ReadonlySet<string>;
  };
  /** How many calls like these began after `since`, in every process; `most` at most. @throws MCPClientError `journal_unavailable` */
  counted: (like: CallsLike, since: number, most: number) => Awaitable<number>;
  /** Records in the audit chain, inside the transaction that acts. */
  record: (kind: AuditKind, entry: AuditEntry) => void;
  /** Hears once of each alert, whichever process raised it. */
  onRaised: (alerts: readonly Alert[]) => void;
  /** Hears that a webhook was given up. */
  onUnreached: (to: string, problem: string) => void;
} & Pick<DeliveriesDeps, "key" | "redact">;

/** How soon other processes' alerts, unanswered tickets and messages that are due are looked for. */
const pollMs = 2_000;
const mostQueued = 1_000;
/** How a call ends that the policy, a quarantine or a person refused. */
const denials: readonly string[] = ["policy_denied", "quarantined", "approval_denied"];
const itself = "switchgear";

/** The calls of one client to one tool: every one, or those that ended in one of these ways. */
export type CallsLike = { client: string; server: string; tool: string; errorCodes: readonly string[] | null };
type Rule = PolicyFile["audit"]["alerts"][number];
type Raised = { cause: AlertCause; at: number; quietMs: number };

/**
 * What somebody should look at: a client that calls one tool very often, or is refused it again and again, and a ticket that nobody
 * answers. Each is on disk and in the audit chain before it is told, and is told once however many processes there are. A
 * process counts its own calls as they come, and at each look asks the journal what those of others add.
 */
export class Alerts {
  #deps: AlertsDeps;
  #table: AlertTable;
  #deliveries: Deliveries;
  #counts = new CallCounts();
  /** What this process saw too few of to raise an alert by itself. */
  #few = new Map<string, { rule: Rule; about: Omit<CallsLike, "errorCodes"> }>();
  /** Noticed on a call's path, and written off it. */
  #queue: Raised[] = [];
  #revision: number;
  #subscription: Disposable;
  #timer: Disposable | null = null;
  #failing = false;
  #closed = false;

  constructor(deps: AlertsDeps) {
    const { database, clock, events, policy, key, redact, record, onUnreached } = deps;
    this.#deps = deps;
    this.#table = new AlertTable(database);
    this.#revision = this.#table.revision();
    this.#deliveries = new Deliveries({
      ...{ database, table: this.#table, clock, key, redact },
      urls: () => {
        const file = policy();
        return file && readEscalateTo(file.approval.escalation?.escalate_to ?? []).urls;
      },
      onSettled: ({ alert, to, state, attempts, problem }) => {
        record(`alert.${state === "sent" ? "sent" : "not_sent"}`, {
          by: itself,
          subject: to,
          detail: { alert, attempts, problem },
        });
        if (problem !== null) onUnreached(to, problem);
      },
    });
    this.#subscription = events.on("invocation.changed", (call) => this.#count(call));
    this.#tick();
  }

  /** Those that nobody has dismissed, newest first. @throws MCPClientError `journal_unavailable` */
  list(): Alert[] {
    return this.#table.open();
  }

  /** @param by who has seen it. @throws MCPClientError `not_found`, `journal_unavailable` */
  dismiss(ids: readonly string[], by: string): void {
    const { database, clock, record } = this.#deps;
    const dismiss = () => {
      for (const id of ids) {
        const alert = this.#table.get(id);
        if (!alert) throw new MCPClientError("not_found", `There is no alert ${id}.`);
        if (!this.#table.dismiss(id, by, clock.wallNow())) continue;
        record("alert.dismissed", { by, subject: subjectOf(alert.cause), detail: { alert: id } });
      }
    };
    database.write(dismiss, { durable: true });
    this.#attempt(() => this.#tell());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
    this.#attempt(() => {
      this.#countOthers();
      this.#raiseQueued();
    });
    await this.#deliveries.close();
  }

  #count({ phase, errorCode, client, server, tool }: Invocation): void {
    const type =
      phase === "deciding"
        ? "high_frequency"
        : phase === "done" && denials.includes(errorCode ?? "")
          ? "repeated_denials"
          : null;
    const rules = this.#deps.policy()?.audit.alerts;
    if (type === null || rules === undefined) return;
    for (const rule of rules) if (rule.type === type) this.#countBy(rule, { client, server, tool });
  }

  #countBy(rule: Rule, about: Omit<CallsLike, "errorCodes">): void {
    const { type, threshold, window_minutes } = rule;
    const { clock } = this.#deps;
    const windowMs = window_minutes * 60_000;
    const key = JSON.stringify([type, threshold, window_minutes, ...Object.values(about)]);
    if (this.#counts.reaches(key, clock.now(), { threshold, windowMs })) {
      this.#few.delete(key);
      this.#enqueue(rule, about);
      this.#schedule(0);
    } else if (this.#few.size < mostQueued) this.#few.set(key, { rule, about });
  }

  #enqueue({ type, threshold, window_minutes }: Rule, about: Omit<CallsLike, "errorCodes">): void {
    if (this.#queue.length >= mostQueued) return;
    const cause: AlertCause = { kind: type, ...about, threshold, windowMinutes: window_minutes };
    this.#queue.push({ cause, at: this.#deps.clock.wallNow(), quietMs: window_minutes * 60_000 });
  }

  /** What is few here may be many with those of other processes: a command that makes one call, a second console. */
  #countOthers(): void {
    const { clock, counted } = this.#deps;
    for (const [key, { rule, about }] of this.#few) {
      const errorCodes = rule.type === "repeated_denials" ? denials : null;
      const since = clock.wallNow() - rule.window_minutes * 60_000;
      const told = counted({ ...about, errorCodes }, since, rule.threshold);
      this.#few.delete(key);
      const judge = (calls: number) => calls >= rule.threshold && this.#enqueue(rule, about);
      if (typeof told === "number") judge(told);
      else told.then(judge).catch(() => this.#few.set(key, { rule, about }));
    }
  }

  #tick(): void {
    const done = this.#attempt(() => {
      this.#countOthers();
      this.#raiseQueued();
      this.#escalate();
      this.#letGoOfAnswered();
      this.#tell();
      this.#deliveries.pump();
    });
    if (done) this.#failing = false;
    this.#schedule(pollMs);
  }

  #schedule(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#closed ? null : this.#deps.clock.schedule(delayMs, () => this.#tick());
  }

  #raiseQueued(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const { cause, at, quietMs } = next;
      this.#raise(cause, at, () => !this.#table.wasRaised(cause, at - quietMs));
      this.#queue.shift();
    }
  }

  #escalate(): void {
    const { clock, policy, tickets } = this.#deps;
    const escalation = policy()?.approval.escalation;
    if (!escalation) return;
    const waitedMinutes = escalation.escalate_after_minutes;
    const at = clock.wallNow();
    for (const { id: ticketId, client, server, tool } of tickets.unanswered(at - waitedMinutes * 60_000)) {
      const cause: AlertCause = { kind: "escalation", client, server, tool, ticketId, waitedMinutes };
      // It was raised already where this machine died before it could say so elsewhere.
      this.#raise(cause, at, () => tickets.markEscalated(ticketId, at) && !this.#table.wasRaised(cause, 0));
      if (this.#table.wasRaised(cause, 0)) tickets.escalated?.(ticketId);
    }
  }

  /** A call that waits no longer needs nobody's attention. */
  #letGoOfAnswered(): void {
    const open = this.#table.openEscalations();
    if (open.length === 0) return;
    const waiting = this.#deps.tickets.waiting();
    const answered = open.filter(({ ticketId }) => !waiting.has(ticketId)).map(({ id }) => id);
    if (answered.length > 0) this.dismiss(answered, itself);
  }

  /** @param isFirst claims it, inside the transaction */
  #raise(cause: AlertCause, at: number, isFirst: () => boolean): void {
    const { database, policy, record } = this.#deps;
    const { urls, recipients } = readEscalateTo(policy()?.approval.escalation?.escalate_to ?? []);
    const id = randomUUID();
    const raise = () => {
      if (!isFirst()) return;
      const targets = [...new Set(urls)].map(targetOf);
      this.#table.insert({ id, at, cause, recipients, targets });
      const { kind, client, server: _server, tool: _tool, ...detail } = cause;
      record("alert.raised", {
        by: itself,
        subject: subjectOf(cause),
        detail: { alert: id, kind, client, ...detail, to: targets.map(({ to }) => to), recipients },
      });
    };
    database.write(raise, { durable: true });
  }

  /** Tells every change since the last one told, whoever made it. */
  #tell(): void {
    const fresh: Alert[] = [];
    for (const { revision, isNew, alert } of this.#table.changesSince(this.#revision)) {
      this.#revision = revision;
      this.#deps.events.emit("alert.changed", alert);
      if (isNew && alert.dismissed === null) fresh.push(alert);
    }
    if (fresh.length > 0) this.#deps.onRaised(fresh);
  }

  /** For what the next tick does again if the journal fails now; a failure is logged once, not each time. */
  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!this.#failing) this.#deps.logger.warn("The alerts cannot be read or written; trying again.", { error });
      this.#failing = true;
      return false;
    }
  }
}

function subjectOf({ server, tool }: AlertCause): string {
  return `${server}.${tool}`;
}
