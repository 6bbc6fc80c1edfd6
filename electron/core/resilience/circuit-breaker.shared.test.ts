import { beforeEach, describe, expect, it } from "vitest";
import { circuitBreakerSettingsSchema } from "../../../shared/circuit.ts";
import { FakeClock } from "../fake-clock.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { CircuitStore, CircuitStoreOptions } from "./circuit-store.ts";
import { MemoryCircuitStore } from "./memory-circuit-store.ts";

let clock: FakeClock;
let breaker: CircuitBreaker;
let store: AskingStore;

/** Asks others first, who answer when they are told to: a promise for every answer, and time alone moves nothing. */
class AskingStore extends MemoryCircuitStore {
  asked: (() => void)[] = [];
  looks = 0;

  override admit(): never {
    return this.#ask(() => super.admit()) as never;
  }

  override settle(...result: Parameters<CircuitStore["settle"]>): never {
    return this.#ask(() => super.settle(...result)) as never;
  }

  override look(): void {
    this.looks += 1;
  }

  async others(): Promise<void> {
    for (const answer of this.asked.splice(0)) answer();
    await clock.advance(0);
  }

  async #ask<T>(then: () => T): Promise<T> {
    await new Promise<void>((resolve) => this.asked.push(resolve));
    return then();
  }
}

describe("a circuit whose state others share", () => {
  beforeEach(() => {
    clock = new FakeClock();
    const createStore = (options: CircuitStoreOptions) => (store = new AskingStore(options));
    const settings = circuitBreakerSettingsSchema.parse({ failure_threshold: 1 });
    breaker = new CircuitBreaker({
      ...{ server: "github", tool: null, settings, clock, createStore },
      ...{ onTransition: () => {}, onChange: () => {} },
    });
  });

  it.each(["answer", "fail"] as const)(
    "sends nothing before they let it, and ends once they know how (%s)",
    async (end) => {
      let sent = 0;
      let ended: unknown = "pending";
      const run = () => {
        sent += 1;
        return end === "fail" ? Promise.reject(new Error("the session closed")) : Promise.resolve("answer");
      };
      const result = breaker.execute(run, { invocationId: null }).then(
        (value) => (ended = value),
        (error: Error) => (ended = error.message),
      );
      await clock.advance(0);
      expect(sent).toBe(0);
      await store.others();
      expect([sent, ended]).toEqual([1, "pending"]);
      await store.others();
      await result;
      expect([sent, ended]).toEqual([1, end === "fail" ? "the session closed" : "answer"]);
      expect(breaker.view().state).toEqual({ kind: "closed", failures: 0 });
    },
  );

  it("looks once when its time is up, and leaves the rest to them", async () => {
    breaker.trip({ who: "ada", why: "maintenance" });
    await clock.advance(60_000);
    expect([store.looks, clock.pending, breaker.view().state.kind]).toEqual([1, 0, "open"]);
  });
});
