import type { CircuitTransition } from "../../../shared/circuit.ts";
import { toClientError } from "../errors.ts";
import {
  retryTime,
  type Admission,
  type CircuitCall,
  type CircuitStore,
  type CircuitStoreOptions,
  type HalfOpen,
  type Operator,
  type OperatorAction,
  type Place,
  type State,
} from "./circuit-store.ts";
import type { CircuitVerdict } from "./circuit-verdict.ts";

type Cause = CircuitTransition["cause"];

/** A circuit's state in this process alone. Every answer is given at once. */
export class MemoryCircuitStore implements CircuitStore {
  readonly #options: CircuitStoreOptions;
  #state: State = { kind: "closed", failures: 0 };

  constructor(options: CircuitStoreOptions) {
    this.#options = options;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  admit(): Admission {
    // Decided by the time, not by a timer: that one may be late and is there for those who watch.
    this.look();
    const state = this.#state;
    if (state.kind === "closed") return state;
    if (state.kind === "open" || state.inFlight >= this.#options.settings().half_open_max_calls) {
      return { kind: "refused", by: state };
    }
    state.inFlight += 1;
    this.#options.onChange();
    return state;
  }

  settle(place: Place, verdict: CircuitVerdict, call: CircuitCall, error?: unknown): void {
    if (place.kind === "half-open") place.inFlight -= 1;
    if (place !== this.#state) return;
    if (verdict === "failure") this.#onFailure(place, error, call);
    else if (verdict === "success") this.#onSuccess(place, call);
    else if (place.kind === "half-open") this.#options.onChange();
  }

  operate(action: OperatorAction, by: Operator): void {
    this.#move(this.#after(action), { kind: "operator", action, ...by });
  }

  look(): void {
    if (this.#state.kind !== "open") return;
    const { clock, settings } = this.#options;
    if (clock.now() < retryTime(this.#state, settings())) return;
    this.#move(halfOpen(), { kind: "timeout-elapsed" });
  }

  /** Takes over what others agreed on, and tells nobody. In the `same` generation, calls under way still count. */
  adopt(state: State, same: boolean): void {
    if (same) Object.assign(this.#state, state);
    else this.#state = state;
  }

  [Symbol.dispose](): void {}

  #onSuccess(place: Place, call: CircuitCall): void {
    if (place.kind === "closed") {
      if (place.failures === 0) return;
      place.failures = 0;
    } else {
      place.successes += 1;
      if (place.successes >= this.#options.settings().success_threshold) {
        return this.#move({ kind: "closed", failures: 0 }, { kind: "probe-succeeded", count: place.successes }, call);
      }
    }
    this.#options.onChange();
  }

  #onFailure(place: Place, error: unknown, call: CircuitCall): void {
    const wire = toClientError(error).toWire();
    if (place.kind === "half-open") return this.#move(this.#after("trip"), { kind: "probe-failed", error: wire }, call);
    place.failures += 1;
    if (place.failures < this.#options.settings().failure_threshold) return this.#options.onChange();
    this.#move(this.#after("trip"), { kind: "failures", count: place.failures, last: wire }, call);
  }

  #after(action: OperatorAction): State {
    if (action === "reset") return { kind: "closed", failures: 0 };
    return action === "trip" ? { kind: "open", openedAt: this.#options.clock.now() } : halfOpen();
  }

  #move(next: State, cause: Cause, call?: CircuitCall): void {
    const { server, tool, clock, onTransition, onChange } = this.#options;
    const from = this.#state.kind;
    this.#state = next;
    const invocationId = call?.invocationId ?? null;
    onTransition({ at: clock.wallNow(), server, tool, from, to: next.kind, cause, invocationId });
    onChange();
  }
}

function halfOpen(): HalfOpen {
  return { kind: "half-open", successes: 0, inFlight: 0 };
}
