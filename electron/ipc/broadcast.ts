import type { EventMessage } from "../../shared/contract.ts";
import type { CoreEvents } from "../core/events.ts";
import type { Clock } from "../core/ports.ts";

/** At most 60 batches a second. */
const batchMs = 1000 / 60;
/** Log messages of one call in a batch. */
const mostLogs = 50;

/** Sends the core's events on in batches. Of several events about one thing in a batch only the newest goes, as each carries the whole new state. */
export function broadcastEvents(
  events: CoreEvents,
  clock: Clock,
  send: (batch: readonly EventMessage[]) => void,
): Disposable {
  let batch = new Map<string, EventMessage>();
  let timer: Disposable | undefined;
  let logs = 0;

  const flush = () => {
    const full = [...batch.values()];
    batch = new Map();
    timer = undefined;
    send(full);
  };

  const subscription = events.subscribe((event) => {
    // Each line of a log counts; of a flood, the newest.
    const identity = event.name === "invocation.log" ? `log ${event.payload.id} ${++logs % mostLogs}` : identify(event);
    batch.delete(identity);
    batch.set(identity, event);
    timer ??= clock.schedule(batchMs, flush);
  });

  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      timer?.[Symbol.dispose]();
    },
  };
}

/** What an event is about. */
function identify({ name, payload }: Exclude<EventMessage, { name: "invocation.log" }>): string {
  switch (name) {
    case "server.changed":
    case "ticket.changed":
    case "question.changed":
    case "access.changed":
    case "grant.changed":
    case "alert.changed":
    case "invocation.changed":
    case "invocation.progress":
    case "export.progress":
      return `${name} ${payload.id}`;
    case "endpoint.changed":
      return `${name} ${payload.area}`;
    case "server.removed":
    case "tools.changed":
    case "resources.changed":
    case "prompts.changed":
    case "pins.changed":
      return `${name} ${payload.server}`;
    case "resource.updated":
      return `${name} ${payload.server} ${payload.uri}`;
    case "tool.timeout":
      return `${name} ${payload.server} ${payload.tool}`;
    // Of a circuit that goes and comes again, the last word stands.
    case "circuit.changed":
    case "circuit.removed":
      return `circuit ${payload.server} ${payload.tool ?? ""}`;
    case "status.changed":
    case "settings.changed":
    case "desktop.changed":
    case "vault.changed":
    case "policy.changed":
    case "audit.grown":
    case "requests.changed":
      return name;
  }
}
