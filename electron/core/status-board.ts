import type { AppStatus } from "../../shared/status.ts";
import type { CoreEvents } from "./events.ts";
import type { Clock } from "./ports.ts";

/** Changes that come close together are told once. */
const gatherMs = 50;

/** Keeps the top bar true: tells the whole status whenever something that it says may have changed, and only if it has. */
export class StatusBoard {
  #read: () => AppStatus;
  #clock: Clock;
  #events: CoreEvents;
  #told = "";
  #timer: Disposable | undefined;
  #ended = false;
  #subscription: Disposable;

  constructor(read: () => AppStatus, clock: Clock, events: CoreEvents) {
    this.#read = read;
    this.#clock = clock;
    this.#events = events;
    this.#subscription = events.subscribe(({ name }) => {
      if (
        name === "circuit.changed" ||
        name === "circuit.removed" ||
        name === "ticket.changed" ||
        name === "question.changed" ||
        name === "pins.changed" ||
        name === "policy.changed" ||
        name === "settings.changed"
      ) {
        this.touch();
      }
    });
  }

  /** Something that the status says may have changed. */
  touch(): void {
    if (this.#ended) return;
    this.#timer ??= this.#clock.schedule(gatherMs, () => {
      this.#timer = undefined;
      const status = this.#read();
      const text = JSON.stringify(status);
      if (text === this.#told) return;
      this.#told = text;
      this.#events.emit("status.changed", status);
    });
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }
}
