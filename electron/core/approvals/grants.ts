import { randomUUID } from "node:crypto";
import type { Ticket } from "../../../shared/approval.ts";
import type { Grant, GrantScope, GrantState } from "../../../shared/grant.ts";
import type { ContextRuleEntry, PolicyDecision, TraceStep } from "../../../shared/policy.ts";
import { MCPApprovalError, MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import type { JudgedCall } from "./approval-book.ts";
import { alwaysRule, alwaysRuleName, assertSayable, grantOfRule } from "./always-rule.ts";
import { GrantTable, type StoredGrant } from "./grant-table.ts";
import { isMasked } from "./kept-arguments.ts";
import { ruleIdentity } from "./rule-identity.ts";
import { canonicalJson, ticketHash } from "./ticket-hash.ts";
import type { Given, TicketDatabase } from "./ticket-table.ts";

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

type Args = Readonly<Record<string, unknown>>;
/** What was decided, and the approval that it asks for, where a grant gives it. */
export type Granted = { decision: PolicyDecision; given: Given | null };

const listed = 200;

/**
 * Yes to what comes after one call. A grant never loosens a floor, holds for the tool as it was defined, for its client and its
 * environment, and for what the same rule asks about; it is read anew at each call and before each sending.
 */
export class Grants {
  #deps: GrantsDeps;
  #table: GrantTable;

  constructor(deps: GrantsDeps) {
    this.#deps = deps;
    this.#table = new GrantTable(deps.database);
  }

  /**
   * @throws MCPClientError `bad_request` where a person has to be asked each time, and where no rule of the policy can be made of the
   * arguments that it would be for
   */
  assertGrantable(ticket: Ticket, { kind }: GrantScope, args: unknown, properties: readonly string[]): void {
    const asked = ticket.trace.find(asksEachTime);
    if (asked) {
      const message = `No grant can approve such calls: ${asked.name}, ${asked.detail}`;
      throw new MCPClientError("bad_request", message, { hint: "Approve this one alone.", ticketId: ticket.id });
    }
    if (kind !== "always") return;
    if (isMasked(ticket)) {
      throw new MCPClientError("bad_request", "These arguments hold a secret, which no policy file may hold.", {
        hint: "Grant it for a time or for the session.",
        ticketId: ticket.id,
      });
    }
    assertSayable({ args: args as Args, properties });
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
    if (!stored) throw new MCPClientError("not_found", `There is no grant ${id}.`);
    return this.#view(stored);
  }

  /**
   * What grants make of a decision: one that asks for a person may be approved by one; one that rests on a grant's rule asks again
   * where the grant was revoked or is for another call.
   * @param fingerprint asked for only where a grant could matter
   */
  judge(call: JudgedCall, environment: string, decision: PolicyDecision, fingerprint: () => string): Granted {
    const { level, rule, autoApproved, trace } = decision;
    if (level === "ALWAYS") return { decision: this.#confirm(call, decision, fingerprint), given: null };
    if (level === "NEVER" || autoApproved || trace.some(asksEachTime)) return { decision, given: null };
    const open = this.#table.open({ ...call, environment, fingerprint: fingerprint() });
    const grant = open.find((each) => this.#holds(each) && ruleIdentity(each.rule) === ruleIdentity(rule));
    if (!grant) return { decision, given: null };
    const { id } = grant;
    const reason = reasonOf(grant);
    return {
      decision: { ...decision, trace: [...trace, grantStep(id, "spoke", reason)] },
      given: { by: `grant:${id.slice(0, 8)}`, reason, grantId: id },
    };
  }

  /** Whether a grant that approved a call still stands, as the database has it now. */
  holds(id: string): boolean {
    const stored = this.#table.get(id);
    return stored !== null && this.#holds(stored);
  }

  /** Whether the rule that decides is the one that this ticket's own grant wrote. */
  isOf(rule: string, ticketId: string): boolean {
    return this.#table.get(grantOfRule(rule))?.ticketId === ticketId;
  }

  /** A rule in the file says what, the grant behind it says for exactly which call; without a record the file's word stands. */
  #confirm(call: JudgedCall, decision: PolicyDecision, fingerprint: () => string): PolicyDecision {
    const id = grantOfRule(decision.rule);
    // Nearly no rule is a grant's, and asking the database costs a call more than all the rest of its decision.
    const stored = id === null ? null : this.#table.get(id);
    if (!stored) return decision;
    const isSame = stored.hash === ticketHash(call.server, call.tool, call.args, fingerprint());
    if (stored.revoked === null && isSame) return decision;
    const detail = stored.revoked
      ? `${stored.revoked.by} revoked this grant`
      : "the tool or the arguments are not those that it was granted for";
    const step = grantStep(stored.id, "raised", detail);
    return {
      ...decision,
      ...{ level: "REQUIRE_APPROVAL", rule: step.name, line: null },
      trace: [...decision.trace, step],
    };
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

  #holds({ revoked, expiresAt, owner }: StoredGrant): boolean {
    if (revoked !== null) return false;
    if (expiresAt !== null && expiresAt <= this.#deps.clock.wallNow()) return false;
    return owner === null || owner === this.#deps.owner;
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

/** What no grant stands for: a floor that applies, and a caller who wants a person. */
function asksEachTime({ step, level }: TraceStep): boolean {
  return (step === "floor" || step === "caller") && level !== null;
}

function grantStep(id: string, outcome: TraceStep["outcome"], detail: string): TraceStep {
  return { step: "grant", name: `grant ${id}`, line: null, outcome, level: "REQUIRE_APPROVAL", detail };
}

function reasonOf({ by, expiresAt }: StoredGrant): string {
  return `granted by ${by} until ${expiresAt === null ? "Switchgear stops" : new Date(expiresAt).toISOString()}`;
}
