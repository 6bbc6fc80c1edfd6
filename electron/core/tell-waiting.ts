import type { Ticket } from "../../shared/approval.ts";
import type { Clock } from "./ports.ts";

/** How a call's waiting for a person stands. */
export type Waiting = {
  /** The approval that is asked for. */
  ticketId: string;
  /** How long it has lasted, milliseconds. */
  waitedMs: number;
  /** When it ends by itself, wall-clock milliseconds. */
  expiresAt: number;
};

const everyMs = 10_000;

/** Tells a caller that it waits, at once and then every 10 s, until disposed. */
export function tellWaiting(
  clock: Clock,
  { id: ticketId, expiresAt }: Ticket,
  onWaiting: ((waiting: Waiting) => void) | undefined,
): Disposable {
  const startedAt = clock.now();
  let timer: Disposable | undefined;
  const tell = () => {
    try {
      onWaiting?.({ ticketId, waitedMs: clock.now() - startedAt, expiresAt });
    } catch {
      // A caller that cannot be told waits all the same.
    }
    timer = clock.schedule(everyMs, tell);
  };
  if (onWaiting) tell();
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
}
