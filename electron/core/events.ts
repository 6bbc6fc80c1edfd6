import type { EventMessage, EventName, EventPayload } from "../../shared/contract.ts";
import type { Logger } from "./ports.ts";

type Listener = (event: EventMessage) => void;

/** What the core tells of its own accord. A listener that throws is logged and harms neither the teller nor the others. */
export class CoreEvents {
  #listeners = new Set<Listener>();
  #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const event = { name, payload } as EventMessage;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error("An event listener failed.", { event: name, error });
      }
    }
  }

  /** Hears every event, in order. */
  subscribe(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): Disposable {
    return this.subscribe((event) => {
      if (event.name === name) listener(event.payload as EventPayload<N>);
    });
  }
}
