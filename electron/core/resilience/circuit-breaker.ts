import type { CircuitBreakerSettings, CircuitState, CircuitTransition, CircuitView } from "../../../shared/circuit.ts";
import { MCPCircuitOpenError, toClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { circuitVerdict, type CircuitScope } from "./circuit-verdict.ts";
import { durationText } from "./duration-text.ts";

type Closed = { readonly kind: "closed"; failures: number };
/** Monotonic milliseconds. */
type Open = { readonly kind: "open"; readonly openedAt: number };
type HalfOpen = { readonly kind: "half-open"; successes: number; inFlight: number };
/** A transition makes a new one, so its identity is the generation: a call moves only the state that admitted it. */
type State = Closed | Open | HalfOpen;

type Cause = CircuitTransition["cause"];

/** A person who acts on a circuit, and their reason. */
export type Operator = { who: string; why: string };

/** The call that an attempt belongs to, for the record of what it moves. */
export type CircuitCall = { invocationId: string | null };

export type CircuitBreakerOptions = {
  server: string;
  /** `null` for the circuit of the whole server. */
  tool: string | null;
  settings: CircuitBreakerSettings;
  clock: Clock;
  /** Hears every transition, once the circuit is in its new state; must not throw. */
  onTransition(transition: CircuitTransition): void;
  /** Hears everything that changes the view; must not throw. */
  onChange(view: CircuitView): void;
};

const transitionsKept = 20;
/** When to come again while every place in HALF_OPEN is taken: its calls end at any moment, or by their own deadlines. */
const halfOpenRetryMs = 1000;

/** One circuit: lets calls through while its server answers, and fails them at once while it does not. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #settings: CircuitBreakerSettings;
  #state: State = { kind: "closed", failures: 0 };
  /** Newest first; replaced, never changed, as views share it. */
  #transitions: CircuitTransition[] = [];
  #timer: Disposable | undefined;
  #retired = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  /**
   * Runs one attempt and counts how it ended, once. `run` must end in bounded time: in HALF_OPEN it holds one of few places.
   * @throws MCPCircuitOpenError without running it, while the circuit is open or HALF_OPEN is full.
   */
  async execute<T>(run: () => Promise<T>, call: CircuitCall): Promise<T> {
    const admittedBy = this.#admit();
    let value: T;
    try {
      value = await run();
    } catch (error) {
      const verdict = circuitVerdict(error, this.#scope());
      if (verdict === "failure") this.#onFailure(admittedBy, error, call);
      else if (verdict === "success") this.#onSuccess(admittedBy, call);
      else this.#onNeither(admittedBy);
      throw error;
    }
    this.#onSuccess(admittedBy, call);
    return value;
  }

  /** Closes the circuit, whatever it was; calls under way no longer count. */
  reset(by: Operator): void {
    this.#move({ kind: "closed", failures: 0 }, { kind: "operator", action: "reset", ...by });
  }

  /** Opens the circuit for its full timeout, whatever it was. */
  trip(by: Operator): void {
    this.#move(this.#opened(), { kind: "operator", action: "trip", ...by });
  }

  /** Makes the circuit half-open now, with every place free, whatever it was. */
  probe(by: Operator): void {
    this.#move(halfOpen(), { kind: "operator", action: "probe", ...by });
  }

  /** Takes effect at once; an open circuit's timeout still counts from when it opened, a lower threshold from the next result. */
  configure(settings: CircuitBreakerSettings): void {
    this.#settings = settings;
    this.revisit();
  }

  /** Looks at the time anew and shows it, as after waking from sleep, when timers are late and wall times have moved. */
  revisit(): void {
    if (this.#state.kind === "open") {
      if (this.#elapse(this.#state)) return;
      this.#arm(this.#state);
    }
    this.#tell();
  }

  /** As people see it, with wall-clock times; later changes do not alter it. */
  view(): CircuitView {
    const { server, tool } = this.#options;
    return { server, tool, state: this.#shown(), settings: this.#settings, transitions: this.#transitions };
  }

  /** Ends its timer and its reports; calls under way end as they will. */
  [Symbol.dispose](): void {
    this.#retired = true;
    this.#timer?.[Symbol.dispose]();
  }

  #admit(): Closed | HalfOpen {
    // Decided by the time, not by the timer: that one may be late and is there for those who watch.
    if (this.#state.kind === "open") this.#elapse(this.#state);
    const state = this.#state;
    if (state.kind === "closed") return state;
    if (state.kind === "open") throw this.#openError(state);
    if (state.inFlight >= this.#settings.half_open_max_calls) throw this.#fullError(state);
    state.inFlight += 1;
    this.#tell();
    return state;
  }

  #onSuccess(state: Closed | HalfOpen, call: CircuitCall): void {
    if (!this.#release(state)) return;
    if (state.kind === "closed") {
      if (state.failures === 0) return;
      state.failures = 0;
    } else {
      state.successes += 1;
      if (state.successes >= this.#settings.success_threshold) {
        return this.#move({ kind: "closed", failures: 0 }, { kind: "probe-succeeded", count: state.successes }, call);
      }
    }
    this.#tell();
  }

  #onFailure(state: Closed | HalfOpen, error: unknown, call: CircuitCall): void {
    if (!this.#release(state)) return;
    const wire = toClientError(error).toWire();
    if (state.kind === "half-open") return this.#move(this.#opened(), { kind: "probe-failed", error: wire }, call);
    state.failures += 1;
    if (state.failures < this.#settings.failure_threshold) return this.#tell();
    this.#move(this.#opened(), { kind: "failures", count: state.failures, last: wire }, call);
  }

  #onNeither(state: Closed | HalfOpen): void {
    if (this.#release(state) && state.kind === "half-open") this.#tell();
  }

  /** Gives back the place that a call held. @returns whether its result still counts. */
  #release(state: Closed | HalfOpen): boolean {
    if (state.kind === "half-open") state.inFlight -= 1;
    return state === this.#state;
  }

  #elapse(state: Open): boolean {
    if (this.#options.clock.now() < this.#retryAt(state)) return false;
    this.#move(halfOpen(), { kind: "timeout-elapsed" });
    return true;
  }

  #move(next: State, cause: Cause, call?: CircuitCall): void {
    const { server, tool, clock } = this.#options;
    const from = this.#state.kind;
    this.#state = next;
    this.#timer?.[Symbol.dispose]();
    if (next.kind === "open") this.#arm(next);
    const invocationId = call?.invocationId ?? null;
    const transition = { at: clock.wallNow(), server, tool, from, to: next.kind, cause, invocationId };
    this.#transitions = [transition, ...this.#transitions.slice(0, transitionsKept - 1)];
    if (!this.#retired) this.#options.onTransition(transition);
    this.#tell();
  }

  #arm(state: Open): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#retired) return;
    const { clock } = this.#options;
    this.#timer = clock.schedule(this.#retryAt(state) - clock.now(), () => {
      // A timer may fire early: by a fraction of a millisecond, or because the delay is longer than a timer can be.
      if (!this.#elapse(state)) this.#arm(state);
    });
  }

  #tell(): void {
    if (!this.#retired) this.#options.onChange(this.view());
  }

  #opened(): Open {
    return { kind: "open", openedAt: this.#options.clock.now() };
  }

  #retryAt(state: Open): number {
    return state.openedAt + this.#settings.timeout_seconds * 1000;
  }

  #scope(): CircuitScope {
    if (this.#options.tool !== null) return "tool";
    return this.#settings.per_tool ? "connection" : "server";
  }

  #shown(): CircuitState {
    const state = this.#state;
    if (state.kind !== "open") return { ...state };
    const toWall = this.#options.clock.wallNow() - this.#options.clock.now();
    return { kind: "open", openedAt: toWall + state.openedAt, retryAt: toWall + this.#retryAt(state) };
  }

  #openError(state: Open): MCPCircuitOpenError {
    const { clock } = this.#options;
    const waitMs = this.#retryAt(state) - clock.now();
    return new MCPCircuitOpenError(
      `The circuit of ${this.#name()} is open: nothing was sent. It admits a call again in ${durationText(waitMs)}.`,
      { retryAt: clock.wallNow() + waitMs, hint: "Wait until then, or reset the circuit once the server is well." },
    );
  }

  #fullError(state: HalfOpen): MCPCircuitOpenError {
    const calls = state.inFlight === 1 ? "a call tries" : `${state.inFlight} calls try`;
    return new MCPCircuitOpenError(
      `The circuit of ${this.#name()} is half-open, and ${calls} whether it is well: nothing was sent. ` +
        `Try again in ${durationText(halfOpenRetryMs)}.`,
      { retryAt: this.#options.clock.wallNow() + halfOpenRetryMs, hint: "Wait for its result, or reset the circuit." },
    );
  }

  #name(): string {
    const { server, tool } = this.#options;
    return tool === null ? `server "${server}"` : `tool "${server}.${tool}"`;
  }
}

function halfOpen(): HalfOpen {
  return { kind: "half-open", successes: 0, inFlight: 0 };
}
