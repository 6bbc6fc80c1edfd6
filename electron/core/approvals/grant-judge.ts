import type { Ticket } from "../../../shared/approval.ts";
import type { GrantScope } from "../../../shared/grant.ts";
import type { PolicyDecision, TraceStep } from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { assertSayable, grantOfRule } from "./always-rule.ts";
import type { GrantedCall, StoredGrant } from "./grant-table.ts";
import { isMasked } from "./kept-arguments.ts";
import { ruleIdentity } from "./rule-identity.ts";
import { ticketHash } from "./ticket-hash.ts";
import type { Given } from "./ticket-table.ts";

/** What a decision is judged for. */
export type JudgedCall = Omit<GrantedCall, "fingerprint" | "environment"> & { args: unknown };
/** What was decided, and the approval that it asks for, where a grant gives it. */
export type Granted = { decision: PolicyDecision; given: Given | null };
/** The arguments of a call. */
export type Args = Readonly<Record<string, unknown>>;

export type GrantJudgeDeps = {
  reader: {
    /** As `GrantTable.open`. */
    open(call: GrantedCall): StoredGrant[];
    get(id: string | null): StoredGrant | null;
  };
  clock: Pick<Clock, "wallNow">;
  /** This process, so that a grant for its session is for it alone. */
  owner: string;
};

/** What grants make of calls, wherever they are kept. */
export class GrantJudge {
  #judged: GrantJudgeDeps;

  constructor(deps: GrantJudgeDeps) {
    this.#judged = deps;
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
   * What grants make of a decision: one that asks for a person may be approved by one; one that rests on a grant's rule asks again
   * where the grant was revoked or is for another call.
   * @param fingerprint asked for only where a grant could matter
   */
  judge(call: JudgedCall, environment: string, decision: PolicyDecision, fingerprint: () => string): Granted {
    const { level, rule, autoApproved, trace } = decision;
    if (level === "ALWAYS") return { decision: this.#confirm(call, decision, fingerprint), given: null };
    if (level === "NEVER" || autoApproved || trace.some(asksEachTime)) return { decision, given: null };
    const open = this.#judged.reader.open({ ...call, environment, fingerprint: fingerprint() });
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
    const stored = this.#judged.reader.get(id);
    return stored !== null && this.#holds(stored);
  }

  /** Whether the rule that decides is the one that this ticket's own grant wrote. */
  isOf(rule: string, ticketId: string): boolean {
    return this.#judged.reader.get(grantOfRule(rule))?.ticketId === ticketId;
  }

  /** A rule in the file says what, the grant behind it says for exactly which call; without a record the file's word stands. */
  #confirm(call: JudgedCall, decision: PolicyDecision, fingerprint: () => string): PolicyDecision {
    const id = grantOfRule(decision.rule);
    // Nearly no rule is a grant's, and asking the database costs a call more than all the rest of its decision.
    const stored = id === null ? null : this.#judged.reader.get(id);
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

  #holds({ revoked, expiresAt, owner }: StoredGrant): boolean {
    if (revoked !== null) return false;
    if (expiresAt !== null && expiresAt <= this.#judged.clock.wallNow()) return false;
    return owner === null || owner === this.#judged.owner;
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
