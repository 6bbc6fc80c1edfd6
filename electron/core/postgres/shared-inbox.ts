import { randomUUID } from "node:crypto";
import type { AuditEntry } from "../../../shared/audit.ts";
import type { Ticket } from "../../../shared/approval.ts";
import { alreadyResolved } from "../approvals/approval-refusal.ts";
import type { Inbox } from "../approvals/approval-book.ts";
import type { ApprovalRequest, PendingApproval } from "../approvals/approval-request.ts";
import { editOf } from "../approvals/kept-arguments.ts";
import { canonicalJson, ticketHash } from "../approvals/ticket-hash.ts";
import type { Edit } from "../approvals/ticket-table.ts";
import { unusualIn } from "../approvals/unusual.ts";
import type { Cancellation } from "../cancellation.ts";
import { MCPApprovalError, MCPCancelledError, MCPClientError, MCPRefusedError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { placeInTurn, unplaced } from "./audit-turn.ts";
import type { DatabaseLink } from "./database-link.ts";
import { Escalations } from "./escalations.ts";
import type { Statements } from "./statements.ts";
import * as rows from "./shared-tickets.ts";
import { TicketMirror } from "./ticket-mirror.ts";
import { WaitingCalls } from "./waiting-calls.ts";

export type SharedInboxDeps = {
  link: DatabaseLink;
  clock: Clock;
  events: CoreEvents;
  /** A ticket's verdict, or the use of an approval, in the words of the audit chain. */
  entryOf: (ticket: Ticket) => AuditEntry;
  redact: <T>(value: T) => T;
};

type AutomaticState = "expired" | "cancelled" | "interrupted";

const resolvedListed = 500;
const compared = 50;
/** Tickets of this instance that are known without asking, those that wait aside. */
const ownKept = 1_000;
const itself = "switchgear";

/**
 * Calls that wait for a person, at this instance or at any other that uses the database: each instance hears of every change, and any
 * of them may give the verdict, of which the first stands.
 */
export class SharedInbox implements Inbox {
  #deps: SharedInboxDeps;
  #link: DatabaseLink;
  #mirror: TicketMirror;
  /** The calls of this instance that wait. */
  #waiters: WaitingCalls;
  /** The tickets of this instance's calls, as far as they were told. */
  #own = new Map<string, Ticket>();
  /** Ends that could not be written yet. */
  #owed = new Map<string, { state: AutomaticState; by: string; reason: string }>();
  #escalations: Escalations;
  #timer: Disposable | null = null;
  #closed = false;

  constructor(deps: SharedInboxDeps) {
    this.#deps = deps;
    this.#link = deps.link;
    this.#waiters = new WaitingCalls(deps.clock);
    this.#escalations = new Escalations(deps.link, deps.clock);
    this.#mirror = new TicketMirror(deps.link, (ticket) => this.#heard(ticket));
    deps.link.join({
      up: () => this.#mirror.read(),
      heard: () => void this.#mirror.read().catch(() => {}),
      beat: () => this.#lookAfter(),
    });
  }

  async request(input: ApprovalRequest, signal: Cancellation): Promise<PendingApproval> {
    if (this.#closed)
      throw new MCPApprovalError("approval_interrupted", "Switchgear is closing, so nobody can be asked.");
    if (signal.aborted) throw new MCPCancelledError("The call was taken back before anyone was asked to approve it.");
    const { invocationId, server, tool, fingerprint, client, environment, decision, destructiveHint, timeoutMs } =
      input;
    const id = randomUUID();
    const hash = ticketHash(server, tool, input.args, fingerprint);
    const kept = this.#deps.redact(input.args);
    const unusual = unusualIn(kept, await rows.approvedArgs(this.#link, server, tool, compared));
    const given = input.given ?? null;
    const verdict = this.#waiters.add(id, timeoutMs);
    try {
      const ticket = await this.#link.inTurn(async (turn) => {
        if (given?.grantId != null && !(await rows.isStanding(turn, given.grantId))) throw grantIsOver(id);
        const { rule, trace, approvalMessage = null } = decision;
        const asked = { id, invocationId, server, tool, argsJson: canonicalJson(kept), hash, fingerprint, client };
        const judged = { environment, approvalMessage, rule, trace: [...trace], destructiveHint, unusual };
        const written = await rows.insertTicket(
          turn,
          { ...asked, ...judged },
          timeoutMs,
          this.#link.instance.id,
          given,
        );
        if (given) await this.#record(turn, "verdict", [written]);
        return written;
      });
      this.#own.set(id, ticket);
      this.#forgetOldest();
      this.#listenTo(ticket, signal);
      await this.#mirror.read();
      this.#schedule();
      return { ticket, verdict };
    } catch (error) {
      // It may have been written all the same, and then nobody waits for it.
      this.#waiters.forget(id);
      this.#owe(id, "interrupted", itself, "The call could not be told that it waits.");
      throw error;
    }
  }

  async approve(id: string, by: string, args?: unknown): Promise<Ticket> {
    const edit = args === undefined ? null : editOf(await this.#read(id), args, this.#deps.redact);
    return this.#judge(id, "approved", by, null, edit);
  }

  async deny(id: string, by: string, reason: string): Promise<Ticket> {
    if (reason.trim() === "")
      throw new MCPClientError("bad_request", "A denial needs a reason: the caller reads it.", { ticketId: id });
    return this.#judge(id, "denied", by, reason.trim(), null);
  }

  async markExecuted(id: string): Promise<boolean> {
    const isFirst = await this.#link.inTurn(async (turn) => {
      const ticket = await rows.executeTicket(turn, id);
      if (ticket) await this.#record(turn, "approval.used", [ticket]);
      return ticket !== null;
    });
    const { state, executedAt } = isFirst ? { state: null, executedAt: null } : await this.#read(id);
    if (state === "approved" && executedAt === null) throw grantIsOver(id);
    return isFirst;
  }

  /** Those that wait since then, and that this instance has claimed: it is the only one to tell others of them. */
  unanswered(requestedAt: number): Ticket[] {
    this.#link.assertUp();
    return this.#escalations.due(
      this.#mirror.pending().filter(({ escalatedAt, requestedAt: at }) => escalatedAt === null && at <= requestedAt),
    );
  }

  readonly markEscalated = (id: string): boolean => this.#escalations.isClaimed(id);

  escalated(id: string): void {
    this.#escalations.alerted(id);
  }

  async list(state: "pending" | "resolved"): Promise<Ticket[]> {
    return state === "pending" ? rows.pendingTickets(this.#link) : rows.resolvedTickets(this.#link, resolvedListed);
  }

  async get(id: string): Promise<Ticket> {
    return this.#own.get(id) ?? this.#read(id);
  }

  waiting(): ReadonlySet<string> {
    this.#link.assertUp();
    return new Set(this.#mirror.pending().map(({ id }) => id));
  }

  pendingCount(): number {
    return this.#mirror.pending().length;
  }

  /** Ends this instance's waiting calls as `interrupted`. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    for (const id of this.#waiters.ids()) {
      this.#end(id, "interrupted", itself, "Switchgear stopped while the call waited.");
    }
    await this.#payOwed().catch(() => {});
  }

  async #judge(id: string, state: "approved" | "denied", by: string, reason: string | null, edit: Edit | null) {
    const judged = await this.#link.inTurn(async (turn) => {
      // A person must not approve what nobody waits for any more.
      await this.#record(turn, "verdict", await rows.endTickets(turn, this.#link.patienceMs));
      const ticket = await rows.resolveTicket(turn, id, state, { by, reason }, edit);
      if (ticket) await this.#record(turn, "verdict", [ticket]);
      return { isFirst: ticket !== null, ticket: ticket ?? (await rows.readTicket(turn, id)) };
    });
    await this.#mirror.read();
    if (!judged.ticket) throw notFound(id);
    if (!judged.isFirst) throw alreadyResolved(judged.ticket);
    return judged.ticket;
  }

  async #read(id: string): Promise<Ticket> {
    const ticket = await rows.readTicket(this.#link, id);
    if (!ticket) throw notFound(id);
    return ticket;
  }

  #record(turn: Statements, kind: "verdict" | "approval.used", tickets: readonly Ticket[]): Promise<void> {
    const { clock, entryOf, redact } = this.#deps;
    const at = clock.wallNow();
    return placeInTurn(
      turn,
      tickets.map((ticket) => unplaced(kind, entryOf(ticket), at, redact)),
    );
  }

  /** Ends the call's waiting where the caller gives up. */
  #listenTo({ id, client }: Ticket, signal: Cancellation): void {
    const onAbort = () => {
      const { reason } = signal;
      const why = reason instanceof MCPCancelledError ? reason.message : "The caller took the call back.";
      this.#end(id, "cancelled", client, why);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    this.#waiters.onSettled(id, () => signal.removeEventListener("abort", onAbort));
  }

  #forgetOldest(): void {
    if (this.#own.size <= ownKept) return;
    for (const id of this.#own.keys()) if (!this.#waiters.has(id)) return void this.#own.delete(id);
  }

  /** A ticket changed, whoever changed it. */
  #heard(ticket: Ticket): void {
    const { id, state } = ticket;
    if (this.#own.has(id)) this.#own.set(id, ticket);
    if (state !== "pending") this.#waiters.settle(ticket);
    this.#deps.events.emit("ticket.changed", ticket);
  }

  /** Ends a ticket of this instance without a person: the call stops at once, even where the end cannot be written yet. */
  #end(id: string, state: AutomaticState, by: string, reason: string): void {
    const ticket = this.#own.get(id);
    if (ticket?.state === "pending") {
      const ended: Ticket = { ...ticket, state, verdict: { by, at: this.#deps.clock.wallNow(), reason } };
      this.#own.set(id, ended);
      this.#waiters.settle(ended);
    }
    this.#owe(id, state, by, reason);
  }

  #owe(id: string, state: AutomaticState, by: string, reason: string): void {
    this.#owed.set(id, { state, by, reason });
    void this.#payOwed().catch(() => {});
  }

  async #payOwed(): Promise<void> {
    for (const [id, { state, ...verdict }] of this.#owed) {
      await this.#link.inTurn(async (turn) => {
        const ticket = await rows.resolveTicket(turn, id, state, verdict);
        if (ticket) await this.#record(turn, "verdict", [ticket]);
      });
      this.#owed.delete(id);
      this.#own.delete(id);
    }
    await this.#mirror.read();
  }

  async #lookAfter(): Promise<void> {
    await this.#payOwed();
    await this.#escalations.mark();
    if (!(await rows.hasEnded(this.#link, this.#link.patienceMs))) return;
    await this.#link.inTurn(async (turn) =>
      this.#record(turn, "verdict", await rows.endTickets(turn, this.#link.patienceMs)),
    );
    await this.#mirror.read();
  }

  #schedule(): void {
    this.#timer?.[Symbol.dispose]();
    const soonest = this.#waiters.soonestMs();
    if (soonest === null || this.#closed) return;
    this.#timer = this.#deps.clock.schedule(soonest, () => void this.#expire());
  }

  /** The database says whether somebody was in time; where it is away, nobody was. */
  async #expire(): Promise<void> {
    const due = this.#waiters.due();
    for (const id of due) this.#owed.set(id, { state: "expired", by: itself, reason: "Nobody answered in time." });
    await this.#payOwed().catch(() => {});
    for (const id of due) if (this.#waiters.has(id)) this.#end(id, "expired", itself, "Nobody answered in time.");
    this.#schedule();
  }
}

function notFound(id: string): MCPClientError {
  return new MCPClientError("not_found", `There is no approval ticket ${id}.`, { ticketId: id });
}

function grantIsOver(ticketId: string): MCPRefusedError {
  return new MCPRefusedError(
    "policy_changed",
    "What was decided is no longer what would be sent, so it was not sent.",
    {
      hint: "The grant that approved it is over or was revoked. Call again to ask anew.",
      ticketId,
    },
  );
}
