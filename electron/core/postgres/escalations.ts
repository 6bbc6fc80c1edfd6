import type { Ticket } from "../../../shared/approval.ts";
import type { Clock } from "../ports.ts";
import type { DatabaseLink } from "./database-link.ts";
import { claimEscalation, escalateTicket } from "./shared-tickets.ts";

/** How long an instance has for writing the alert, by the database's clock and by its own. */
const claimMs = 15_000;

/**
 * Which instance tells others of a ticket that nobody answers. One at a time has the claim to; the ticket counts as escalated once the
 * alert is on that instance's disk, so that one which dies before leaves it to another: rather told twice than by nobody.
 */
export class Escalations {
  #link: DatabaseLink;
  #clock: Clock;
  #asked = new Set<string>();
  /** Until when a ticket is claimed, monotonic milliseconds. */
  #claimed = new Map<string, number>();
  /** Tickets whose alert is on disk, which the database does not know yet. */
  #alerted = new Set<string>();

  constructor(link: DatabaseLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Those of which this instance is to tell; the others it asks for. */
  due(unanswered: readonly Ticket[]): Ticket[] {
    for (const { id } of unanswered) if (!this.isClaimed(id) && !this.#alerted.has(id)) this.#ask(id);
    return unanswered.filter(({ id }) => this.isClaimed(id));
  }

  isClaimed(id: string): boolean {
    return this.#clock.now() < (this.#claimed.get(id) ?? 0);
  }

  /** The alert is on disk. */
  alerted(id: string): void {
    this.#claimed.delete(id);
    this.#alerted.add(id);
    void this.mark().catch(() => {});
  }

  /** Marks what could not be marked yet. */
  async mark(): Promise<void> {
    for (const id of this.#alerted) {
      await this.#link.inTurn((turn) => escalateTicket(turn, id));
      this.#alerted.delete(id);
    }
  }

  #ask(id: string): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    const until = this.#clock.now() + claimMs;
    claimEscalation(this.#link, id, this.#link.instance.id, claimMs)
      .then((isOurs) => isOurs && this.#claimed.set(id, until))
      .catch(() => {})
      .finally(() => this.#asked.delete(id));
  }
}
