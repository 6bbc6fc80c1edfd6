import { randomUUID } from "node:crypto";
import type { Ticket } from "../../../shared/approval.ts";
import type { Grant, GrantScope, GrantState } from "../../../shared/grant.ts";
import type { ContextRuleEntry } from "../../../shared/policy.ts";
import { MCPApprovalError, MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { alwaysRule, alwaysRuleName } from "./always-rule.ts";
import { GrantJudge, type Args } from "./grant-judge.ts";
import { GrantTable, type StoredGrant } from "./grant-table.ts";
import { canonicalJson } from "./ticket-hash.ts";
import type { TicketDatabase } from "./ticket-table.ts";

export type GrantsDeps = {
  database: TicketDatabase;
  clock: Clock;
  events: CoreEvents;
  /** This process, so that a grant for its session ends with it. */
  owner: string;
  isOwnerAlive: (owner: string) => boolean;
  /** Records what is done to a grant, inside the transaction that writes it; what it throws undoes that. */
  record: (kind: "grant.made" | "grant.revoked", grant: Grant) => void;
  /** The policy file, where `always` is written. */
  rules: { add(rule: ContextRuleEntry): void; remove(name: string): void };
};

const listed = 200;

/**
 * Yes to what comes after one call. A grant never loosens a floor, holds for the tool as it was defined, for its client and its
 * environment, and for what the same rule asks about; it is read anew at each call and before each sending.
 */
export class Grants extends GrantJudge {
  #deps: GrantsDeps;
  #table: GrantTable;

  constructor(deps: GrantsDeps) {
    const table = new GrantTable(deps.database);
    super({ ...deps, reader: table });
    this.#deps = deps;
    this.#table = table;
  }

  /**
   * Grants what an approved ticket asked for to the calls that follow.
   * @param properties the arguments that the tool's schema names
   * @throws as `assertGrantable`; MCPClientError `policy_invalid`, `config_invalid` where the policy file cannot be changed;
   * `journal_unavailable`
   */
  give(ticket: Ticket, scope: GrantScope, by: string, properties: readonly string[]): Grant {
    const { server, tool, client, environment, rule, fingerprint, edited } = ticket;
    const args = (edited ? edited.args : ticket.args) as Args;
    this.assertGrantable(ticket, scope, args, properties);
    const id = randomUUID();
    const at = this.#deps.clock.wallNow();
    const isAlways = scope.kind === "always";
    const written = isAlways && alwaysRule({ server, tool, client, environment, args, properties }, { id, by, at });
    this.#recorded("grant.made", id, () => {
      this.#table.insert({
        ...{ id, kind: scope.kind, server, tool, client, environment, rule, fingerprint, ticketId: ticket.id, by, at },
        exact: isAlways ? { argsJson: canonicalJson(args), hash: edited?.hash ?? ticket.hash } : null,
        owner: scope.kind === "session" ? this.#table.ownerOf(ticket.id) : null,
        expiresAt: scope.kind === "time" ? at + scope.minutes * 60_000 : null,
      });
      return true;
    });
    try {
      if (written) this.#deps.rules.add(written);
    } catch (error) {
      const reason = "Its rule could not be written into the policy file.";
      this.#recorded("grant.revoked", id, () => this.#table.revoke(id, { by: "switchgear", at, reason }));
      throw error;
    } finally {
      this.#tell(id);
    }
    return this.get(id);
  }

  /**
   * Takes a grant back; calls that it approved and that were not sent yet are refused.
   * @throws MCPApprovalError `already_resolved`; MCPClientError `not_found`, `bad_request` without a reason, `journal_unavailable`;
   * `policy_invalid`, `config_invalid` where its rule could not be taken out of the file: it is revoked all the same
   */
  revoke(id: string, by: string, reason: string): Grant {
    if (reason.trim() === "") throw new MCPClientError("bad_request", "Say why, so that the record means something.");
    const { kind } = this.get(id);
    const revoked = { by, at: this.#deps.clock.wallNow(), reason: reason.trim() };
    const first = this.#recorded("grant.revoked", id, () => this.#table.revoke(id, revoked));
    const grant = this.get(id);
    if (!first) {
      const { by: whom, at } = grant.revoked!;
      throw new MCPApprovalError("already_resolved", `${whom} revoked this grant at ${new Date(at).toISOString()}.`);
    }
    this.#tell(id);
    if (kind === "always") this.#deps.rules.remove(alwaysRuleName(id));
    return grant;
  }

  /** Those in force first, then newest first; the latest 200. */
  list(): Grant[] {
    const all = this.#table.latest(listed).map((stored) => this.#view(stored));
    return [...all.filter(({ state }) => state === "active"), ...all.filter(({ state }) => state !== "active")];
  }

  /** @throws MCPClientError `not_found` */
  get(id: string): Grant {
    const stored = this.#table.get(id);
    if (!stored)
      throw new MCPClientError("not_found", `There is no grant ${id}.`, {
        hint: "`switchgear grants list` lists them.",
      });
    return this.#view(stored);
  }

  /** @returns whether anything was changed, and that recorded */
  #recorded(kind: "grant.made" | "grant.revoked", id: string, change: () => boolean): boolean {
    const { database, record } = this.#deps;
    const work = () => {
      const isChanged = change();
      if (isChanged) record(kind, this.get(id));
      return isChanged;
    };
    return database.write(work, { durable: true });
  }

  #view(stored: StoredGrant): Grant {
    const { hash: _hash, owner: _owner, ...grant } = stored;
    return { ...grant, state: this.#stateOf(stored) };
  }

  #stateOf({ revoked, expiresAt, owner }: StoredGrant): GrantState {
    if (revoked !== null) return "revoked";
    if (expiresAt !== null && expiresAt <= this.#deps.clock.wallNow()) return "expired";
    return owner === null || owner === this.#deps.owner || this.#deps.isOwnerAlive(owner) ? "active" : "ended";
  }

  #tell(id: string): void {
    this.#deps.events.emit("grant.changed", this.get(id));
  }
}
