/** What the path and the consoles ask of tickets and grants, wherever those are kept. */

import type { Ticket } from "../../../shared/approval.ts";
import type { Grant, GrantScope } from "../../../shared/grant.ts";
import type { PolicyDecision } from "../../../shared/policy.ts";
import type { Cancellation } from "../cancellation.ts";
import type { Awaitable } from "../ports.ts";
import type { ApprovalRequest, PendingApproval } from "./approval-request.ts";
import type { Granted, JudgedCall } from "./grant-judge.ts";

/** The calls that wait for a person. */
export type Inbox = {
  request(input: ApprovalRequest, signal: Cancellation): Awaitable<PendingApproval>;
  approve(id: string, by: string, args?: unknown): Awaitable<Ticket>;
  deny(id: string, by: string, reason: string): Awaitable<Ticket>;
  markExecuted(id: string): Awaitable<boolean>;
  unanswered(requestedAt: number): Ticket[];
  markEscalated(id: string, at: number): boolean;
  /** Where tickets are kept elsewhere: hears that the alert about one is on this machine's disk. */
  escalated?(id: string): void;
  list(state: "pending" | "resolved"): Awaitable<Ticket[]>;
  get(id: string): Awaitable<Ticket>;
  waiting(): ReadonlySet<string>;
  pendingCount(): number;
  close(): Awaitable<void>;
};

/** Yes to what comes after one call. */
export type GrantBook = {
  assertGrantable(ticket: Ticket, scope: GrantScope, args: unknown, properties: readonly string[]): void;
  /** Where grants are kept elsewhere: throws MCPClientError `bad_request` where this machine's policy file is not the one to write. */
  assertHere?(ticket: Ticket, scope: GrantScope): Promise<void>;
  give(ticket: Ticket, scope: GrantScope, by: string, properties: readonly string[]): Awaitable<Grant>;
  revoke(id: string, by: string, reason: string): Awaitable<Grant>;
  list(): Awaitable<Grant[]>;
  get(id: string): Awaitable<Grant>;
  judge(call: JudgedCall, environment: string, decision: PolicyDecision, fingerprint: () => string): Granted;
  holds(id: string): boolean;
  isOf(rule: string, ticketId: string): boolean;
  /** Where grants are kept elsewhere: has the one behind a rule read anew, before a call is sent that rests on it; `null` for any other rule. */
  renew?(rule: string): Promise<void> | null;
};
