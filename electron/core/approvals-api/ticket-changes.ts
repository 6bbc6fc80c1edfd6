import { randomBytes } from "node:crypto";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";

/** A change's place in the order of changes, and the ticket that changed. */
export type TicketChange = { eventId: string; ticketId: string };

/** Changes that are kept for those who were away for a moment. */
const kept = 1_000;

/** Which tickets changed, in order. A listener reads on from where it was, however slow it is; nothing is queued for it. */
export class TicketChanges implements Disposable {
  /** Tells the event ids of this run apart from those of another. */
  #run = randomBytes(6).toString("hex");
  #tickets: string[] = [];
  /** How many changes came before the first that is kept. */
  #forgotten = 0;
  #wake = new Set<() => void>();
  #clock: Clock;
  #subscription: Disposable;

  constructor(events: CoreEvents, clock: Clock) {
    this.#clock = clock;
    this.#subscription = events.on("ticket.changed", ({ id }) => this.#add(id));
  }

  /** The event id of the latest change. */
  get latest(): string {
    return this.#eventId(this.#forgotten + this.#tickets.length);
  }

  /** The changes after an event, each ticket once; `null` where that cannot be told: of another run, or too long ago. */
  since(eventId: string): TicketChange[] | null {
    const [run, place] = eventId.split("-");
    const seen = Number(place);
    const isKnown = run === this.#run && seen >= this.#forgotten && seen <= this.#forgotten + this.#tickets.length;
    if (!isKnown) return null;
    const latest = new Map<string, number>();
    for (const [index, ticketId] of this.#tickets.entries()) {
      const at = this.#forgotten + index + 1;
      if (at > seen) latest.set(ticketId, at);
    }
    return [...latest]
      .toSorted(([, a], [, b]) => a - b)
      .map(([ticketId, at]) => ({ ticketId, eventId: this.#eventId(at) }));
  }

  /** Resolves once there is a change after this event, after `ms`, or when the signal is aborted. @returns whether there is one */
  async after(eventId: string, ms: number, signal: AbortSignal): Promise<boolean> {
    if (eventId !== this.latest) return true;
    return new Promise((resolve) => {
      const end = (isChange: boolean) => {
        timer[Symbol.dispose]();
        this.#wake.delete(wake);
        signal.removeEventListener("abort", give);
        resolve(isChange);
      };
      const wake = () => end(true);
      const give = () => end(false);
      const timer = this.#clock.schedule(ms, give);
      this.#wake.add(wake);
      signal.addEventListener("abort", give, { once: true });
      if (signal.aborted) give();
    });
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #add(ticketId: string): void {
    this.#tickets.push(ticketId);
    if (this.#tickets.length > kept) {
      this.#tickets.shift();
      this.#forgotten++;
    }
    for (const wake of [...this.#wake]) wake();
  }

  #eventId(place: number): string {
    return `${this.#run}-${place}`;
  }
}
