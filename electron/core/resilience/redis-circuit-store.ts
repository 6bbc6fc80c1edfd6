import { randomUUID } from "node:crypto";
import type { CircuitTransition } from "../../../shared/circuit.ts";
import { toClientError } from "../errors.ts";
import {
  retryTime,
  type Admission,
  type CircuitCall,
  type CircuitStore,
  type CircuitStoreOptions,
  type Operator,
  type OperatorAction,
  type Place,
  type State,
} from "./circuit-store.ts";
import type { CircuitVerdict } from "./circuit-verdict.ts";
import { MemoryCircuitStore } from "./memory-circuit-store.ts";
import type { Operation, Snapshot } from "./redis-circuit-snapshot.ts";
import type { RedisLink } from "./redis-link.ts";

/** For how long a probe holds its place without a sign of life from its process. */
const leaseMs = 6000;

/**
 * A circuit that several instances share. This one's memory mirrors it, so that a call in CLOSED, and a refusal, cost no round trip;
 * failures, what ends a row of them, and places in HALF_OPEN are Redis's to decide. While Redis is away, the memory stands alone.
 */
export class RedisCircuitStore implements CircuitStore {
  readonly #options: CircuitStoreOptions;
  readonly #link: RedisLink;
  readonly #memory: MemoryCircuitStore;
  readonly #keys: readonly [circuit: string, probes: string];
  readonly #membership: Disposable;
  /** What was last heard. */
  #known = { era: randomUUID() as string, generation: 0, version: 0 };
  #cause: CircuitTransition["cause"] | undefined;
  /** Whether the memory mirrors Redis; else it is on its own. */
  #isShared = false;
  /** Whether it has moved on its own since. */
  #diverged = false;
  #joining: Promise<unknown> | undefined;
  #asking: Promise<Admission> | undefined;
  /** Operators' moves that Redis has not confirmed yet. */
  #moves = 0;
  /** The newest that was heard while it could not be shown. */
  #waiting: Snapshot | undefined;
  /** This instance's probes in the present generation. */
  #leases: string[] = [];
  #isRenewing = false;
  /** Monotonic milliseconds until when no place becomes free unheard. */
  #leasedUntil = 0;

  constructor(options: CircuitStoreOptions, link: RedisLink) {
    const { server, tool, onTransition, onChange } = options;
    this.#options = options;
    this.#link = link;
    this.#memory = new MemoryCircuitStore({
      ...options,
      onTransition: (transition) => {
        this.#cause = transition.cause;
        onTransition(transition);
      },
      onChange: () => {
        if (!this.#isShared) this.#diverged = true;
        onChange();
      },
    });
    const name = tool === null ? server : `${server}/${tool}`;
    // In braces, what a cluster keeps together.
    this.#keys = [`switchgear:{${name}}:circuit`, `switchgear:{${name}}:probes`];
    this.#membership = link.join(this.#keys[0], {
      up: () => void this.#join(),
      heard: (snapshot) => this.#hear(snapshot),
      down: () => this.#standAlone(),
    });
    this.look();
  }

  get state(): Readonly<State> {
    return this.#memory.state;
  }

  admit(): Admission | Promise<Admission> {
    if (!this.#link.isUp) return this.#memory.admit();
    if (!this.#isShared) return this.#join().then(() => this.admit());
    const { state } = this.#memory;
    if (state.kind === "closed") return state;
    const { clock, settings } = this.#options;
    const isFull = state.kind === "half-open" && state.inFlight >= settings().half_open_max_calls;
    const refusedUntil = state.kind === "open" ? retryTime(state, settings()) : isFull ? this.#leasedUntil : 0;
    if (clock.now() < refusedUntil) return { kind: "refused", by: state };
    // Of many at once, one asks; its answer does for those who would be refused.
    return this.#asking ? this.#asking.then(() => this.admit()) : (this.#asking = this.#askForPlace());
  }

  settle(place: Place, verdict: CircuitVerdict, call: CircuitCall, error?: unknown): void | Promise<void> {
    if (place !== this.#memory.state) return;
    const lease = place.kind === "half-open" ? this.#leases.pop() : undefined;
    if (!this.#isShared) return this.#memory.settle(place, verdict, call, error);
    const isNews = place.kind === "half-open" || verdict === "failure" || (verdict === "success" && place.failures > 0);
    return isNews ? this.#tellResult(place, lease, verdict, call, error) : undefined;
  }

  operate(action: OperatorAction, by: Operator): void {
    this.#memory.operate(action, by);
    if (!this.#link.isUp) return;
    const detail = JSON.stringify({ kind: "operator", action, ...by });
    void this.#move({ op: "move", kind: this.#memory.state.kind, detail });
  }

  look(): void {
    if (!this.#link.isUp) return this.#memory.look();
    const { state } = this.#memory;
    const { clock, settings } = this.#options;
    if (this.#isShared && (state.kind !== "open" || clock.now() < retryTime(state, settings()))) return;
    void this.#join();
  }

  [Symbol.dispose](): void {
    this.#membership[Symbol.dispose]();
  }

  /** Agrees with Redis on the state; once at a time. */
  #join(): Promise<unknown> {
    const timeoutMs = this.#options.settings().timeout_seconds * 1000;
    return (this.#joining ??= this.#ask({ op: "look", timeoutMs }).then(() => {
      this.#joining = undefined;
      const newer = this.#waiting;
      if (this.#moves > 0 || !newer) return;
      this.#waiting = undefined;
      this.#hear(newer);
    }));
  }

  async #askForPlace(): Promise<Admission> {
    const { timeout_seconds, half_open_max_calls: places } = this.#options.settings();
    const lease = randomUUID();
    const reply = await this.#ask({ op: "admit", timeoutMs: timeout_seconds * 1000, places, lease, leaseMs });
    this.#asking = undefined;
    if (!reply) return this.#memory.admit();
    if (!reply.granted) return this.admit();
    const { state } = this.#memory;
    const { era, generation } = this.#known;
    // It may be over already: then its result counts for nothing.
    if (state.kind !== "half-open" || reply.era !== era || reply.generation !== generation) {
      return { kind: "half-open", successes: 0, inFlight: 1 };
    }
    this.#leases.push(lease);
    if (!this.#isRenewing) this.#renewLater();
    return state;
  }

  /** Shows, while probes run, that this process lives. */
  #renewLater(): void {
    this.#isRenewing = true;
    this.#options.clock.schedule(leaseMs / 3, () => {
      this.#isRenewing = this.#leases.length > 0;
      if (!this.#isRenewing) return;
      void this.#ask({ op: "renew", leases: this.#leases, leaseMs });
      this.#renewLater();
    });
  }

  async #tellResult(
    place: Place,
    lease: string | undefined,
    verdict: CircuitVerdict,
    call: CircuitCall,
    error: unknown,
  ): Promise<void> {
    const { failure_threshold: failureThreshold, success_threshold: successThreshold } = this.#options.settings();
    const reply = await this.#ask({
      ...{ op: "settle", verdict, lease, failureThreshold, successThreshold },
      call: call.invocationId,
      detail: verdict === "failure" ? JSON.stringify(toClientError(error).toWire()) : undefined,
    });
    if (!reply) this.#memory.settle(place, verdict, call, error);
  }

  async #move(operation: Operation): Promise<void> {
    this.#moves += 1;
    const reply = await this.#ask(operation);
    this.#moves -= 1;
    if (!reply) this.#diverged = true;
    if (this.#moves > 0 || !this.#waiting) return;
    const newest = this.#waiting;
    this.#waiting = undefined;
    this.#take(newest);
  }

  /** @returns `undefined` where Redis is away now. */
  async #ask(operation: Operation): Promise<Snapshot | undefined> {
    const { state } = this.#memory;
    const reply = await this.#link.ask(this.#keys, {
      ...operation,
      ...this.#known,
      instance: this.#link.instance,
      // A person's word goes before what was agreed on.
      diverged: this.#diverged && operation.op !== "move",
      mine: {
        kind: state.kind,
        failures: state.kind === "closed" ? state.failures : 0,
        openMs: state.kind === "open" ? Math.floor(this.#options.clock.now() - state.openedAt) : 0,
        cause: this.#cause && JSON.stringify(this.#cause),
      },
    });
    if (reply) this.#take(reply);
    return reply;
  }

  #hear(snapshot: Snapshot): void {
    // The answer that is on its way may be older than this.
    if (!this.#isShared) this.#keep(snapshot);
    else if (snapshot.era === this.#known.era) this.#take(snapshot);
    else void this.#join();
  }

  /** For later; the newest one is enough. */
  #keep(snapshot: Snapshot): void {
    const kept = this.#waiting;
    if (!kept || kept.era !== snapshot.era || snapshot.version >= kept.version) this.#waiting = snapshot;
  }

  #take(snapshot: Snapshot): void {
    const { era, generation, version, kind, inFlight, last } = snapshot;
    // What a person did shows here already: it is not to be undone for a moment.
    if (this.#moves > 0) return this.#keep(snapshot);
    const now = this.#options.clock.now();
    const known = this.#known;
    const isKnownEra = this.#isShared && era === known.era;
    if (isKnownEra && version < known.version) return;
    this.#leasedUntil = now + snapshot.leaseMs;
    if (isKnownEra && version === known.version && kind !== "open") return;

    const before = this.#memory.state.kind;
    const isSame = !this.#diverged && era === known.era && generation === known.generation;
    if (!isSame) this.#leases = [];
    this.#known = { era, generation, version };
    this.#isShared = true;
    this.#diverged = false;
    this.#memory.adopt(toState(snapshot, now, inFlight), isSame);
    const isHeard = last?.instance !== this.#link.instance;
    if (last && (kind !== before || (isHeard && !isSame))) {
      const { server, tool, onTransition } = this.#options;
      const { instance, ...move } = last;
      this.#cause = move.cause;
      onTransition({ ...move, server, tool, from: before, to: kind, ...(isHeard && { instance }) });
    }
    this.#options.onChange();
  }

  /** Redis is away: what others hold is no concern of this memory. */
  #standAlone(): void {
    const { state } = this.#memory;
    this.#isShared = false;
    this.#waiting = undefined;
    if (state.kind === "half-open") this.#memory.adopt({ ...state, inFlight: this.#leases.length }, true);
    this.#memory.look();
    this.#options.onChange();
  }
}

function toState({ kind, failures, successes, openMs }: Snapshot, now: number, inFlight: number): State {
  if (kind === "closed") return { kind, failures };
  return kind === "open" ? { kind, openedAt: now - openMs } : { kind, successes, inFlight };
}
