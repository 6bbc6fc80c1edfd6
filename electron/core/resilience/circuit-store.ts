/** What a circuit counts, and where: in this process, or in Redis for several together. */

import type { CircuitBreakerSettings, CircuitTransition } from "../../../shared/circuit.ts";
import type { Clock } from "../ports.ts";
import type { CircuitVerdict } from "./circuit-verdict.ts";

export type Closed = { readonly kind: "closed"; failures: number };
/** Monotonic milliseconds of this process. */
export type Open = { readonly kind: "open"; readonly openedAt: number };
export type HalfOpen = { readonly kind: "half-open"; successes: number; inFlight: number };
export type State = Closed | Open | HalfOpen;

/** What admitted a call, and so what its result may move: its identity is the generation. */
export type Place = Closed | HalfOpen;

/** A call that is not let in, and by which state. */
export type Refusal = { readonly kind: "refused"; readonly by: Open | HalfOpen };
export type Admission = Place | Refusal;

/** A person who acts on a circuit, and their reason. */
export type Operator = { who: string; why: string };
export type OperatorAction = "reset" | "trip" | "probe";

/** The call that an attempt belongs to, for the record of what it moves. */
export type CircuitCall = { invocationId: string | null };

export type CircuitStoreOptions = {
  server: string;
  /** `null` for the circuit of the whole server. */
  tool: string | null;
  clock: Clock;
  settings: () => CircuitBreakerSettings;
  /** Hears every transition, once the store is in its new state. */
  onTransition: (transition: CircuitTransition) => void;
  /** Hears every change of the state, after its transition. */
  onChange: () => void;
};

/** One circuit's state, and its moves. A promise means that others had to be asked; none of them ever rejects. */
export type CircuitStore = Disposable & {
  /** As it is known here now. */
  readonly state: Readonly<State>;
  admit(): Admission | Promise<Admission>;
  /** Counts how an admitted call ended, once, and gives its place back. @param error of a failure. */
  settle(place: Place, verdict: CircuitVerdict, call: CircuitCall, error?: unknown): void | Promise<void>;
  /** Does as a person says, whatever the state is; known here at once. */
  operate(action: OperatorAction, by: Operator): void;
  /** Looks at the time: an open circuit whose time is up becomes half-open, now or once others have agreed. */
  look(): void;
};

/** When an open circuit admits a call again, monotonic milliseconds. */
export function retryTime(state: Open, { timeout_seconds }: CircuitBreakerSettings): number {
  return state.openedAt + timeout_seconds * 1000;
}
