import type { Ticket } from "../../../shared/approval.ts";
import type { DatabaseLink } from "./database-link.ts";
import { ReReading } from "./re-reading.ts";
import { pendingTickets, ticketsSince } from "./shared-tickets.ts";

/** The tickets that wait, as this instance knows them: each change is read and told once, in order. */
export class TicketMirror {
  #link: DatabaseLink;
  #onChange: (ticket: Ticket) => void;
  #pending = new Map<string, Ticket>();
  /** The latest change that was told; `null` before the first reading. */
  #revision: number | null = null;
  #reading = new ReReading(() => this.#catchUp());

  constructor(link: DatabaseLink, onChange: (ticket: Ticket) => void) {
    this.#link = link;
    this.#onChange = onChange;
  }

  /** Oldest first. */
  pending(): Ticket[] {
    return [...this.#pending.values()];
  }

  /** Reads what has changed since; resolves once everything was told that had changed before. */
  read(): Promise<void> {
    return this.#reading.run();
  }

  async #catchUp(): Promise<void> {
    if (this.#revision === null) return this.#begin();
    for (const { revision, ticket } of await ticketsSince(this.#link, this.#revision)) this.#tell(revision, ticket);
  }

  async #begin(): Promise<void> {
    // Taken first: what changes while the rest is read is told again.
    const [row] = await this.#link.query("SELECT coalesce(max(revision), 0) AS revision FROM switchgear.tickets");
    const waiting = await pendingTickets(this.#link);
    this.#revision = Number(row!.revision);
    for (const ticket of waiting) this.#tell(this.#revision, ticket);
  }

  #tell(revision: number, ticket: Ticket): void {
    this.#revision = revision;
    if (ticket.state === "pending") this.#pending.set(ticket.id, ticket);
    else this.#pending.delete(ticket.id);
    this.#onChange(ticket);
  }
}
