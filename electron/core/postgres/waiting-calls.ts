import type { Ticket } from "../../../shared/approval.ts";
import { approvalRefusal } from "../approvals/approval-refusal.ts";
import type { MCPClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";

type Waiter = {
  deadlineAt: number;
  resolve(ticket: Ticket): void;
  reject(error: MCPClientError): void;
  onSettled?: () => void;
};

/** The calls of this instance that wait for a verdict, by the ids of their tickets. */
export class WaitingCalls {
  #clock: Pick<Clock, "now">;
  #waiters = new Map<string, Waiter>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** @returns what resolves with the approved ticket, and rejects with what another end means to the caller */
  add(id: string, timeoutMs: number): Promise<Ticket> {
    const deadlineAt = this.#clock.now() + timeoutMs;
    const verdict = new Promise<Ticket>((resolve, reject) => this.#waiters.set(id, { deadlineAt, resolve, reject }));
    // A caller that has not come to wait for it yet is no fault; whoever awaits it still hears.
    verdict.catch(() => {});
    return verdict;
  }

  onSettled(id: string, hear: () => void): void {
    const waiter = this.#waiters.get(id);
    if (waiter) waiter.onSettled = hear;
    else hear();
  }

  /** Lets go of the call that waits for a ticket which ended; does nothing where none does. */
  settle(ticket: Ticket): void {
    const waiter = this.#waiters.get(ticket.id);
    if (!waiter || ticket.state === "pending") return;
    this.forget(ticket.id);
    waiter.onSettled?.();
    if (ticket.state === "approved") waiter.resolve(ticket);
    else waiter.reject(approvalRefusal(ticket, ticket.state));
  }

  forget(id: string): void {
    this.#waiters.delete(id);
  }

  has(id: string): boolean {
    return this.#waiters.has(id);
  }

  ids(): string[] {
    return [...this.#waiters.keys()];
  }

  /** Those whose time is over. */
  due(): string[] {
    const now = this.#clock.now();
    return [...this.#waiters].filter(([, { deadlineAt }]) => deadlineAt <= now).map(([id]) => id);
  }

  /** In how many milliseconds the next one's time is over; `null` where none waits. */
  soonestMs(): number | null {
    const ends = [...this.#waiters.values()].map(({ deadlineAt }) => deadlineAt);
    return ends.length === 0 ? null : Math.max(0, Math.min(...ends) - this.#clock.now());
  }
}
