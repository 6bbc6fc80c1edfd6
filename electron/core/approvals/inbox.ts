import { randomUUID } from "node:crypto";
import type { Ticket } from "../../../shared/approval.ts";
import type { Cancellation } from "../cancellation.ts";
import { MCPApprovalError, MCPCancelledError, MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock, Logger } from "../ports.ts";
import { alreadyResolved, approvalRefusal } from "./approval-refusal.ts";
import type { ApprovalRequest, PendingApproval } from "./approval-request.ts";
import { editOf, type Redact } from "./kept-arguments.ts";
import { canonicalJson, ticketHash } from "./ticket-hash.ts";
import {
  TicketTable,
  type Edit,
  type ResolvedState,
  type TicketDatabase,
  type TicketRecord,
  type Verdict,
} from "./ticket-table.ts";
import { unusualIn } from "./unusual.ts";

export type ApprovalInboxDeps = {
  database: TicketDatabase;
  clock: Clock;
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
  /** This process, so that others can tell whether it still runs. */
  owner: string;
  isOwnerAlive: (owner: string) => boolean;
  /** Records a verdict, or the use of an approval, inside the transaction that writes it; what it throws undoes that. */
  record?: TicketRecord;
  /** Masks the secrets in use in what is about to be kept. */
  redact?: Redact;
};

type Waiter = { ticket: Ticket; resolve(ticket: Ticket): void; reject(error: MCPClientError): void };
type Ending = { state: ResolvedState; verdict: Verdict };

/** How soon another process's tickets and verdicts are seen. */
const pollMs = 250;
/** How often the owners of other processes' tickets are looked for. */
const sweepMs = 5_000;
const resolvedListed = 500;
/** How many approved calls of a tool a new one is compared with. */
const compared = 50;
/** Who ends a ticket that no person ended. */
const itself = "switchgear";

/**
 * Calls that wait for a person. The database is the truth: several processes share it, the first verdict stands, and everything that
 * is told was on disk before.
 */
export class ApprovalInbox {
  #deps: ApprovalInboxDeps;
  #redact: Redact;
  #table: TicketTable;
  /** The calls of this process that wait. */
  #waiters = new Map<string, Waiter>();
  /** Ends that could not be written yet. */
  #owed = new Map<string, Ending>();
  /** The latest change that was told. */
  #revision: number;
  #sweepAt = 0;
  #timer: Disposable | null = null;
  #failing = false;
  #closed = false;

  /** Ends what a process that is gone left pending as `interrupted`. */
  constructor(deps: ApprovalInboxDeps) {
    this.#deps = deps;
    this.#redact = deps.redact ?? ((value) => value);
    this.#table = new TicketTable(deps.database, deps.record);
    this.#revision = this.#table.revision();
    this.#tick();
  }

  /**
   * Writes a ticket, then shows it.
   * @param signal takes the call back
   * @throws MCPRefusedError `invalid_arguments`, MCPCancelledError, MCPClientError `journal_unavailable`: nobody was asked
   */
  request(input: ApprovalRequest, signal: Cancellation): PendingApproval {
    if (this.#closed)
      throw new MCPApprovalError("approval_interrupted", "Switchgear is closing, so nobody can be asked.");
    if (signal.aborted) throw new MCPCancelledError("The call was taken back before anyone was asked to approve it.");
    const requestedAt = this.#deps.clock.wallNow();
    const { invocationId, server, tool, fingerprint, client, environment, decision, destructiveHint } = input;
    const id = randomUUID();
    const hash = ticketHash(server, tool, input.args, fingerprint);
    const approvalMessage = decision.approvalMessage ?? null;
    const expiresAt = requestedAt + input.timeoutMs;
    const { rule, trace } = decision;
    const kept = this.#redact(input.args);
    const unusual = unusualIn(kept, this.#table.approvedArgs(server, tool, compared));
    this.#table.insert(
      {
        ...{ id, invocationId, server, tool, argsJson: canonicalJson(kept), hash, fingerprint, client },
        ...{ environment, approvalMessage, rule, trace: [...trace], requestedAt, expiresAt, destructiveHint, unusual },
      },
      this.#deps.owner,
      input.given ?? null,
    );
    const ticket = this.get(id);
    const verdict = this.#wait(ticket, signal);
    this.#tell();
    this.#schedule();
    return { ticket, verdict };
  }

  /**
   * @param by who says so
   * @param args what is sent instead of what was asked for; the path judges them anew before it sends them
   * @throws MCPApprovalError `already_resolved`; MCPClientError `not_found`, `journal_unavailable`; as `canonicalJson` and `editOf`
   */
  approve(id: string, by: string, args?: unknown): Ticket {
    const edit = args === undefined ? null : editOf(this.get(id), args, this.#redact);
    return this.#judge(id, "approved", by, null, edit);
  }

  /** @param reason what the caller reads. @throws as `approve`, and MCPClientError `bad_request` without a reason */
  deny(id: string, by: string, reason: string): Ticket {
    if (reason.trim() === "")
      throw new MCPClientError("bad_request", "A denial needs a reason: the caller reads it.", { ticketId: id });
    return this.#judge(id, "denied", by, reason.trim());
  }

  /**
   * Uses the approval up; called right before sending.
   * @returns `false` where it was used before or was never given: then nothing may be sent
   * @throws MCPClientError `journal_unavailable`: then nothing may be sent either
   */
  markExecuted(id: string): boolean {
    const first = this.#table.markExecuted(id, this.#deps.clock.wallNow());
    this.#tell();
    return first;
  }

  /** Those that wait since `requestedAt`, wall-clock milliseconds, or longer, and are not escalated; oldest first. */
  unanswered(requestedAt: number): Ticket[] {
    return this.#table.unanswered(requestedAt);
  }

  /** Marks that others were told. @returns whether it still waited, and this is the first. @throws as `markExecuted` */
  markEscalated(id: string, at: number): boolean {
    return this.#table.markEscalated(id, at);
  }

  /** Pending ones oldest first; resolved ones newest first, the latest 500. */
  list(state: "pending" | "resolved"): Ticket[] {
    return state === "pending" ? this.#table.pending() : this.#table.resolved(resolvedListed);
  }

  /** @throws MCPClientError `not_found` */
  get(id: string): Ticket {
    const ticket = this.#table.get(id);
    if (!ticket) throw new MCPClientError("not_found", `There is no approval ticket ${id}.`, { ticketId: id });
    return ticket;
  }

  /** The ids of those that wait. */
  waiting(): ReadonlySet<string> {
    return new Set(this.#table.pendingOwners().map(({ id }) => id));
  }

  pendingCount(): number {
    return this.#table.pendingCount();
  }

  /** Ends this process's waiting calls as `interrupted`. */
  close(): void {
    this.#closed = true;
    this.#timer![Symbol.dispose]();
    for (const { ticket } of [...this.#waiters.values()]) {
      this.#end(ticket, "interrupted", itself, "Switchgear stopped while the call waited.");
    }
    this.#tell();
  }

  #judge(
    id: string,
    state: "approved" | "denied",
    by: string,
    reason: string | null,
    edit: Edit | null = null,
  ): Ticket {
    // A person must not approve what nobody waits for any more.
    this.#payOwed();
    this.#expireOverdue();
    this.#sweepAbandoned();
    const first = this.#table.resolve(id, state, { by, at: this.#deps.clock.wallNow(), reason }, edit);
    this.#tell();
    const ticket = this.get(id);
    if (!first) throw alreadyResolved(ticket);
    return ticket;
  }

  #wait(ticket: Ticket, signal: Cancellation): Promise<Ticket> {
    const verdict = new Promise<Ticket>((resolve, reject) => {
      const onAbort = () => {
        const { reason } = signal;
        const why = reason instanceof MCPCancelledError ? reason.message : "The caller took the call back.";
        this.#end(ticket, "cancelled", ticket.client, why);
        this.#tell();
      };
      const settle = () => {
        this.#waiters.delete(ticket.id);
        signal.removeEventListener("abort", onAbort);
      };
      signal.addEventListener("abort", onAbort);
      this.#waiters.set(ticket.id, {
        ticket,
        resolve: (approved) => (settle(), resolve(approved)),
        reject: (error) => (settle(), reject(error)),
      });
    });
    // A caller that has not come to wait for it yet is no fault; whoever awaits it still hears.
    verdict.catch(() => {});
    return verdict;
  }

  /** Ends a ticket of this process without a person: the call stops at once, even where the end cannot be written yet. */
  #end(ticket: Ticket, state: "expired" | "cancelled" | "interrupted", by: string, reason: string): void {
    const verdict = { by, at: this.#deps.clock.wallNow(), reason };
    this.#waiters.get(ticket.id)?.reject(approvalRefusal({ ...ticket, verdict }, state));
    this.#owed.set(ticket.id, { state, verdict });
    this.#attempt(() => this.#payOwed());
  }

  #payOwed(): void {
    for (const [id, { state, verdict }] of this.#owed) {
      this.#table.resolve(id, state, verdict);
      this.#owed.delete(id);
    }
  }

  #expireOverdue(): void {
    const at = this.#deps.clock.wallNow();
    for (const { ticket } of [...this.#waiters.values()]) {
      if (ticket.expiresAt <= at) this.#end(ticket, "expired", itself, "Nobody answered in time.");
    }
    for (const id of this.#table.overdue(at)) {
      this.#table.resolve(id, "expired", { by: itself, at, reason: "Nobody answered in time." });
    }
  }

  #sweepAbandoned(): void {
    for (const { id, owner } of this.#table.pendingOwners()) {
      if (owner === this.#deps.owner || this.#deps.isOwnerAlive(owner)) continue;
      const reason = "The process that asked is gone.";
      this.#table.resolve(id, "interrupted", { by: itself, at: this.#deps.clock.wallNow(), reason });
    }
  }

  #tick(): void {
    const kept = this.#attempt(() => {
      this.#payOwed();
      this.#expireOverdue();
      if (this.#deps.clock.now() < this.#sweepAt) return;
      this.#sweepAbandoned();
      this.#sweepAt = this.#deps.clock.now() + sweepMs;
    });
    if (this.#tell() && kept) this.#failing = false;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.[Symbol.dispose]();
    const now = this.#deps.clock.wallNow();
    const untilExpiry = [...this.#waiters.values()].map(({ ticket }) => Math.max(0, ticket.expiresAt - now));
    this.#timer = this.#deps.clock.schedule(Math.min(pollMs, ...untilExpiry), () => this.#tick());
  }

  /** Tells every change since the last one told, whoever made it, and lets go of the calls that waited for it. */
  #tell(): boolean {
    return this.#attempt(() => {
      for (const { revision, ticket } of this.#table.changesSince(this.#revision)) {
        // A listener may have acted on a ticket meanwhile, and that told the rest.
        if (revision <= this.#revision) continue;
        this.#revision = revision;
        const waiter = this.#waiters.get(ticket.id);
        if (ticket.state === "approved") waiter?.resolve(ticket);
        else if (ticket.state !== "pending") waiter?.reject(approvalRefusal(ticket, ticket.state));
        this.#deps.events.emit("ticket.changed", ticket);
      }
    });
  }

  /** For what the next tick does again if the journal fails now; a failure is logged once, not each time. @returns whether it was done */
  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!this.#failing)
        this.#deps.logger.warn("The approval tickets cannot be read or written; trying again.", { error });
      this.#failing = true;
      return false;
    }
  }
}
