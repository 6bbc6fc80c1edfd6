import type { Clock } from "../ports.ts";
import type { Session } from "./session.ts";

/** Milliseconds between looks. */
const lookMs = 100;

/** Runs `then` as soon as no call waits for its answer on the session, or once `withinMs` are over. */
export function whenIdle(session: Session, clock: Clock, withinMs: number, then: () => void): Disposable {
  const until = clock.now() + withinMs;
  let timer: Disposable | null = null;
  const look = () => {
    if (session.isBusy && clock.now() < until) timer = clock.schedule(lookMs, look);
    else then();
  };
  look();
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
}
