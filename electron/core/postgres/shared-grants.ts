import { randomUUID } from "node:crypto";
import type { AuditEntry } from "../../../shared/audit.ts";
import type { Ticket } from "../../../shared/approval.ts";
import type { Grant, GrantScope } from "../../../shared/grant.ts";
import { alwaysRule, alwaysRuleName, grantOfRule } from "../approvals/always-rule.ts";
import type { GrantBook } from "../approvals/approval-book.ts";
import { GrantJudge, type Args } from "../approvals/grant-judge.ts";
import type { NewGrant, StoredGrant } from "../approvals/grant-table.ts";
import type { GrantsDeps } from "../approvals/grants.ts";
import { canonicalJson } from "../approvals/ticket-hash.ts";
import { MCPApprovalError, MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { placeInTurn, unplaced } from "./audit-turn.ts";
import type { DatabaseLink } from "./database-link.ts";
import type { Statements } from "./statements.ts";
import { GrantMirror, insertGrant, latestGrants, readGrant, revokeGrant } from "./grant-mirror.ts";
import { databaseNow } from "./schema.ts";

export type SharedGrantsDeps = {
  link: DatabaseLink;
  clock: Clock;
  events: CoreEvents;
  entryOf: (grant: Grant) => AuditEntry;
  redact: <T>(value: T) => T;
  rules: GrantsDeps["rules"];
};

const listed = 200;

/**
 * Yes to what comes after one call, for every instance that uses the database. Calls are judged by what this instance has heard; that a
 * grant still stands is asked of the database itself before anything is sent that rests on it.
 */
export class SharedGrants extends GrantJudge implements GrantBook {
  #deps: SharedGrantsDeps;
  #link: DatabaseLink;
  #mirror: GrantMirror;

  constructor(deps: SharedGrantsDeps) {
    const { link, clock, events } = deps;
    const mirror = new GrantMirror(link, (grant) => events.emit("grant.changed", this.#view(grant, new Set())));
    super({ clock, reader: mirror, owner: link.instance.id });
    this.#deps = deps;
    this.#link = link;
    this.#mirror = mirror;
    link.join({ up: () => mirror.read(), heard: () => void mirror.read().catch(() => {}) });
  }

  async give(ticket: Ticket, scope: GrantScope, by: string, properties: readonly string[]): Promise<Grant> {
    const { server, tool, client, environment, rule, fingerprint, edited } = ticket;
    const args = (edited ? edited.args : ticket.args) as Args;
    this.assertGrantable(ticket, scope, args, properties);
    await this.assertHere(ticket, scope);
    const { owner } = await this.#askingInstance(ticket.id);
    const isAlways = scope.kind === "always";
    const id = randomUUID();
    const at = this.#deps.clock.wallNow();
    const written = isAlways && alwaysRule({ server, tool, client, environment, args, properties }, { id, by, at });
    const grant: NewGrant = {
      ...{ id, kind: scope.kind, server, tool, client, environment, rule, fingerprint, ticketId: ticket.id, by, at },
      exact: isAlways ? { argsJson: canonicalJson(args), hash: edited?.hash ?? ticket.hash } : null,
      owner: scope.kind === "session" ? owner : null,
      expiresAt: null,
    };
    await this.#link.inTurn(async (turn) => {
      await insertGrant(turn, grant, scope.kind === "time" ? scope.minutes : null);
      await this.#record(turn, "grant.made", id);
    });
    await this.#mirror.read();
    try {
      if (written) this.#deps.rules.add(written);
    } catch (error) {
      await this.#revoke(id, "switchgear", "Its rule could not be written into the policy file.");
      throw error;
    }
    return this.get(id);
  }

  async assertHere({ id }: Ticket, { kind }: GrantScope): Promise<void> {
    if (kind !== "always") return;
    const { host } = await this.#askingInstance(id);
    if (host !== this.#link.instance.host) throw anotherPolicy(host, id);
  }

  async revoke(id: string, by: string, reason: string): Promise<Grant> {
    if (reason.trim() === "") throw new MCPClientError("bad_request", "Say why, so that the record means something.");
    const { kind } = await this.get(id);
    const isFirst = await this.#revoke(id, by, reason.trim());
    const grant = await this.get(id);
    if (!isFirst) {
      const { by: whom, at } = grant.revoked!;
      throw new MCPApprovalError("already_resolved", `${whom} revoked this grant at ${new Date(at).toISOString()}.`);
    }
    if (kind === "always") this.#deps.rules.remove(alwaysRuleName(id));
    return grant;
  }

  async list(): Promise<Grant[]> {
    const [grants, running] = await Promise.all([latestGrants(this.#link, listed), this.#running()]);
    const all = grants.map((grant) => this.#view(grant, running));
    return [...all.filter(({ state }) => state === "active"), ...all.filter(({ state }) => state !== "active")];
  }

  async get(id: string): Promise<Grant> {
    const [grant, running] = await Promise.all([readGrant(this.#link, id), this.#running()]);
    if (!grant)
      throw new MCPClientError("not_found", `There is no grant ${id}.`, {
        hint: "`switchgear grants list` lists them.",
      });
    return this.#view(grant, running);
  }

  renew(rule: string): Promise<void> | null {
    return grantOfRule(rule) === null ? null : this.#mirror.read();
  }

  async #revoke(id: string, by: string, reason: string): Promise<boolean> {
    const isFirst = await this.#link.inTurn(async (turn) => {
      const isRevoked = await revokeGrant(turn, id, by, reason);
      if (isRevoked) await this.#record(turn, "grant.revoked", id);
      return isRevoked;
    });
    await this.#mirror.read();
    return isFirst;
  }

  async #record(turn: Statements, kind: "grant.made" | "grant.revoked", id: string): Promise<void> {
    const { clock, entryOf, redact } = this.#deps;
    const grant = this.#view((await readGrant(turn, id))!, new Set());
    await placeInTurn(turn, [unplaced(kind, entryOf(grant), clock.wallNow(), redact)]);
  }

  /** The instance that asked for a ticket, and the machine that it is on. */
  async #askingInstance(ticketId: string): Promise<{ owner: string; host: string }> {
    const [row] = await this.#link.query(
      `SELECT owner, host FROM switchgear.tickets LEFT JOIN switchgear.instances ON instances.id = owner WHERE tickets.id = $1`,
      ticketId,
    );
    return { owner: String(row?.owner), host: String(row?.host ?? "a machine that is gone") };
  }

  async #running(): Promise<ReadonlySet<string>> {
    const sql = `SELECT id FROM switchgear.instances WHERE seen_at > ${databaseNow} - $1::float8`;
    const rows = await this.#link.query(sql, this.#link.patienceMs);
    return new Set(rows.map((row) => String(row.id)));
  }

  #view({ hash: _hash, owner, ...grant }: StoredGrant, running: ReadonlySet<string>): Grant {
    const { revoked, expiresAt } = grant;
    if (revoked !== null) return { ...grant, state: "revoked" };
    if (expiresAt !== null && expiresAt <= this.#deps.clock.wallNow()) return { ...grant, state: "expired" };
    // What was only just made, or heard of, is taken to hold.
    const isOver = owner !== null && running.size > 0 && !running.has(owner);
    return { ...grant, state: isOver ? "ended" : "active" };
  }
}

function anotherPolicy(host: string, ticketId: string): MCPClientError {
  return new MCPClientError("bad_request", `The call waits on ${host}, whose policy file this instance cannot write.`, {
    hint: "Grant it for a time or for the session, or for always from there.",
    ticketId,
  });
}
