import * as fc from "fast-check";
import { expect, it } from "vitest";
import { circuitBreakerSettingsSchema, type CircuitKind, type CircuitState } from "../../../shared/circuit.ts";
import { MCPCancelledError, MCPTransportError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";

type Result = "success" | "failure" | "neither";
type Settings = { failure: number; success: number; places: number };
type Step =
  | { do: "begin" }
  | { do: "end"; which: number; as: Result }
  | { do: "wait"; ms: number }
  | { do: "reset" | "trip" | "probe" };

const timeoutMs = 60_000;

/** The breaker, said in as few lines as it can be. */
class Model {
  kind: CircuitKind = "closed";
  generation = 0;
  count = 0;
  inFlight = 0;
  openedAt = 0;
  readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  become(kind: CircuitKind, now: number): void {
    Object.assign(this, { kind, generation: this.generation + 1, count: 0, inFlight: 0, openedAt: now });
  }

  shown(clock: FakeClock): CircuitState {
    const openedAt = clock.wallNow() - clock.now() + this.openedAt;
    if (this.kind === "closed") return { kind: "closed", failures: this.count };
    if (this.kind === "open") return { kind: "open", openedAt, retryAt: openedAt + timeoutMs };
    return { kind: "half-open", successes: this.count, inFlight: this.inFlight };
  }

  at(now: number): void {
    if (this.kind === "open" && now >= this.openedAt + timeoutMs) this.become("half-open", now);
  }

  /** @returns the generation that admits the call, or `null`. */
  begin(): number | null {
    if (this.kind === "open" || (this.kind === "half-open" && this.inFlight >= this.settings.places)) return null;
    this.inFlight += 1;
    return this.generation;
  }

  end(generation: number, as: Result, now: number): void {
    if (generation !== this.generation) return;
    this.inFlight -= 1;
    if (as === "neither") return;
    const good = as === "success";
    if (this.kind === "closed") this.count = good ? 0 : this.count + 1;
    else this.count += 1;
    if (this.kind === "half-open" && !good) this.become("open", now);
    else if (this.kind === "half-open" && this.count >= this.settings.success) this.become("closed", now);
    else if (this.kind === "closed" && this.count >= this.settings.failure) this.become("open", now);
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: "begin" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      which: fc.nat(20),
      as: fc.constantFrom("success", "failure", "failure", "neither"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 30_000, 59_999, 60_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("reset", "trip", "probe") }) },
);

const settingsArbitrary = fc.record({
  failure: fc.integer({ min: 1, max: 4 }),
  success: fc.integer({ min: 1, max: 3 }),
  places: fc.integer({ min: 1, max: 3 }),
});

const errors = {
  failure: () => new MCPTransportError("transport_error", "x", { sent: true }),
  neither: () => new MCPCancelledError("x"),
};

/** A call that stays under way until it is told how to end, where it is admitted. */
function beginCall(breaker: CircuitBreaker) {
  let end!: (as: Result) => void;
  const work = new Promise<void>((resolve, reject) => {
    end = (as) => (as === "success" ? resolve() : reject(errors[as]()));
  });
  let admitted = false;
  const run = () => {
    admitted = true;
    return work;
  };
  const ended = breaker.execute(run, { invocationId: null }).catch(() => {});
  return { admitted, end: (as: Result) => (end(as), ended) };
}

it("agrees with a small model, whatever calls, times and operators do", async () => {
  const property = fc.asyncProperty(settingsArbitrary, fc.array(step, { maxLength: 80 }), async (settings, steps) => {
    const clock = new FakeClock();
    const breaker = new CircuitBreaker({
      server: "s",
      tool: null,
      clock,
      settings: circuitBreakerSettingsSchema.parse({
        failure_threshold: settings.failure,
        success_threshold: settings.success,
        half_open_max_calls: settings.places,
      }),
      onTransition: () => {},
      onChange: () => {},
    });
    const model = new Model(settings);
    const running: { generation: number; end(as: Result): Promise<unknown> }[] = [];

    const seen: unknown[] = [];
    const expected: unknown[] = [];

    for (const action of steps) {
      switch (action.do) {
        case "begin": {
          const generation = model.begin();
          const call = beginCall(breaker);
          seen.push(call.admitted);
          expected.push(generation !== null);
          if (generation !== null) running.push({ ...call, generation });
          break;
        }
        case "end": {
          const [call] = running.splice(action.which % Math.max(1, running.length), 1);
          if (!call) break;
          await call.end(action.as);
          model.end(call.generation, action.as, clock.now());
          break;
        }
        case "wait":
          await clock.advance(action.ms);
          model.at(clock.now());
          break;
        default:
          breaker[action.do]({ who: "ada", why: "because" });
          model.become(({ reset: "closed", trip: "open", probe: "half-open" } as const)[action.do], clock.now());
      }
      seen.push(breaker.view().state);
      expected.push(model.shown(clock));
    }
    expect(seen).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 500 });
});
