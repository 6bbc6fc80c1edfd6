import type { CircuitBreakerSettings, CircuitState, CircuitTransition, CircuitView } from "../../../shared/circuit.ts";
import { MCPCircuitOpenError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import {
  retryTime,
  type CircuitCall,
  type CircuitStore,
  type CircuitStoreOptions,
  type HalfOpen,
  type Open,
  type Operator,
} from "./circuit-store.ts";
import { circuitVerdict, type CircuitScope } from "./circuit-verdict.ts";
import { durationText } from "./duration-text.ts";
import { MemoryCircuitStore } from "./memory-circuit-store.ts";

export type CircuitBreakerOptions = {
  server: string;
  /** `null` for the circuit of the whole server. */
  tool: string | null;
  settings: CircuitBreakerSettings;
  clock: Clock;
  /** Where the circuit's state lives; default: in this process. */
  createStore?: ((options: CircuitStoreOptions) => CircuitStore) | undefined;
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
  readonly #store: CircuitStore;
  #settings: CircuitBreakerSettings;
  /** Newest first; replaced, never changed, as views share it. */
  #transitions: CircuitTransition[] = [];
  #timer: Disposable | undefined;
  #retired = false;

  constructor(options: CircuitBreakerOptions) {
    const { server, tool, clock, settings, createStore = inMemory } = options;
    this.#options = options;
    this.#settings = settings;
    this.#store = createStore({
      ...{ server, tool, clock },
      settings: () => this.#settings,
      onTransition: (transition) => this.#moved(transition),
      onChange: () => this.#changed(),
    });
  }

  /**
   * Runs one attempt and counts how it ended, once. `run` must end in bounded time: in HALF_OPEN it holds one of few places.
   * @throws MCPCircuitOpenError without running it, while the circuit is open or HALF_OPEN is full.
   */
  async execute<T>(run: () => Promise<T>, call: CircuitCall): Promise<T> {
    const answer = this.#store.admit();
    const place = answer instanceof Promise ? await answer : answer;
    if (place.kind === "refused")
      throw place.by.kind === "open" ? this.#openError(place.by) : this.#fullError(place.by);
    let value: T;
    try {
      value = await run();
    } catch (error) {
      const settled = this.#store.settle(place, circuitVerdict(error, this.#scope()), call, error);
      if (settled) await settled;
      throw error;
    }
    const settled = this.#store.settle(place, "success", call);
    if (settled) await settled;
    return value;
  }

  /** Closes the circuit, whatever it was; calls under way no longer count. */
  reset(by: Operator): void {
    this.#store.operate("reset", by);
  }

  /** Opens the circuit for its full timeout, whatever it was. */
  trip(by: Operator): void {
    this.#store.operate("trip", by);
  }

  /** Makes the circuit half-open now, with every place free, whatever it was. */
  probe(by: Operator): void {
    this.#store.operate("probe", by);
  }

  /** Takes effect at once; an open circuit's timeout still counts from when it opened, a lower threshold from the next result. */
  configure(settings: CircuitBreakerSettings): void {
    this.#settings = settings;
    this.revisit();
  }

  /** Looks at the time anew and shows it, as after waking from sleep, when timers are late and wall times have moved. */
  revisit(): void {
    const before = this.#store.state;
    this.#store.look();
    if (this.#store.state === before) this.#changed();
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
    this.#store[Symbol.dispose]();
  }

  #moved(transition: CircuitTransition): void {
    this.#transitions = [transition, ...this.#transitions.slice(0, transitionsKept - 1)];
    if (!this.#retired) this.#options.onTransition(transition);
  }

  #changed(): void {
    if (this.#retired) return;
    this.#arm();
    this.#options.onChange(this.view());
  }

  /** Looks again when an open circuit's time is up. */
  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    const { state } = this.#store;
    if (state.kind !== "open") return;
    const { clock } = this.#options;
    this.#timer = clock.schedule(Math.max(0, this.#retryAt(state) - clock.now()), () => {
      // A timer may fire early: by a fraction of a millisecond, or because the delay is longer than a timer can be.
      if (clock.now() < this.#retryAt(state)) this.#arm();
      else this.#store.look();
    });
  }

  #retryAt(state: Open): number {
    return retryTime(state, this.#settings);
  }

  #scope(): CircuitScope {
    if (this.#options.tool !== null) return "tool";
    return this.#settings.per_tool ? "connection" : "server";
  }

  #shown(): CircuitState {
    const { state } = this.#store;
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

function inMemory(options: CircuitStoreOptions): CircuitStore {
  return new MemoryCircuitStore(options);
}
