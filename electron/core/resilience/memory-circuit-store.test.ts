import { describe, expect, it, vi } from "vitest";
import { circuitBreakerSettingsSchema } from "../../../shared/circuit.ts";
import { FakeClock } from "../fake-clock.ts";
import type { Place } from "./circuit-store.ts";
import { MemoryCircuitStore } from "./memory-circuit-store.ts";

const call = { invocationId: null };

function create() {
  const onTransition = vi.fn();
  const onChange = vi.fn();
  const settings = () => circuitBreakerSettingsSchema.parse({ success_threshold: 3 });
  const options = { server: "lab", tool: null, clock: new FakeClock(), settings, onTransition, onChange };
  return { store: new MemoryCircuitStore(options), onTransition, onChange };
}

describe("a circuit in memory that takes over what others agreed on", () => {
  it("tells nobody of it", () => {
    const { store, onTransition, onChange } = create();
    store.adopt({ kind: "open", openedAt: 0 }, false);
    expect(store.state).toEqual({ kind: "open", openedAt: 0 });
    store.adopt({ kind: "closed", failures: 2 }, false);
    expect(store.state).toEqual({ kind: "closed", failures: 2 });
    expect(onTransition).not.toHaveBeenCalled();
    expect(onChange).not.toHaveBeenCalled();
  });

  it("counts calls that are under way in the same generation, and in another one no more", () => {
    const { store } = create();
    store.adopt({ kind: "half-open", successes: 0, inFlight: 0 }, false);
    const place = store.admit() as Place;
    store.adopt({ kind: "half-open", successes: 1, inFlight: 1 }, true);
    store.settle(place, "success", call);
    expect(store.state).toEqual({ kind: "half-open", successes: 2, inFlight: 0 });
    store.adopt({ kind: "half-open", successes: 0, inFlight: 0 }, false);
    store.settle(place, "success", call);
    expect(store.state).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });
  });
});
