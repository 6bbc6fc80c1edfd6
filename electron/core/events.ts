import type { EventMessage, EventName, EventPayload } from "../../shared/contract.ts";
import type { Logger } from "./ports.ts";

type Listener = (event: EventMessage) => void;

/** What the core tells of its own accord. A listener that throws is logged and harms neither the teller nor the others. */
export class CoreEvents {
  #listeners = new Set<Listener>();
  /** Those of one event alone: a call tells several, and most parts hear none of them. */
  #byName = new Map<EventName, Set<Listener>>();
  #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const event = { name, payload } as EventMessage;
    for (const listener of this.#byName.get(name) ?? []) this.#tell(listener, event);
    for (const listener of this.#listeners) this.#tell(listener, event);
  }

  /** Hears every event, in order. */
  subscribe(listener: Listener): Disposable {
    return added(this.#listeners, listener);
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): Disposable {
    let listeners = this.#byName.get(name);
    if (!listeners) this.#byName.set(name, (listeners = new Set()));
    return added(listeners, (event) => listener(event.payload as EventPayload<N>));
  }

  #tell(listener: Listener, event: EventMessage): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.error("An event listener failed.", { event: event.name, error });
    }
  }
}

function added(listeners: Set<Listener>, listener: Listener): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}
