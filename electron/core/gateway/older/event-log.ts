/** An event as it went out, or would have: a client that lost its stream asks for what came after the last one that it saw. */
export type LoggedEvent = { id: string; data: string };

type Kept = LoggedEvent & { stream: string };

const mostEvents = 1_000;
const mostCharacters = 4 * 1_048_576;

/** The latest events of one session's streams, the oldest dropped first. */
export class EventLog {
  #kept: Kept[] = [];
  #characters = 0;
  #count = 0;

  /** @param stream its name, without a dot */
  add(stream: string, data: string): LoggedEvent {
    const event = { id: `${stream}.${(this.#count += 1)}`, stream, data };
    this.#kept.push(event);
    this.#characters += data.length;
    while (this.#kept.length > mostEvents || (this.#characters > mostCharacters && this.#kept.length > 1)) {
      this.#characters -= this.#kept.shift()!.data.length;
    }
    return event;
  }

  /** What came after an event on its stream, as far as it is kept. @returns `null` for an id that never was one */
  after(id: string): { stream: string; events: LoggedEvent[] } | null {
    const [, stream, number] = /^([^.]+)\.(\d+)$/.exec(id) ?? [];
    if (stream === undefined || Number(number) > this.#count) return null;
    const isLater = (each: Kept) => each.stream === stream && Number(each.id.slice(stream.length + 1)) > Number(number);
    return { stream, events: this.#kept.filter(isLater) };
  }
}
