import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { RetryBudget } from "./retry-budget.ts";

let clock: FakeClock;
let budget: RetryBudget;

beforeEach(() => {
  clock = new FakeClock();
  budget = new RetryBudget(clock);
});

function countCalls(count: number) {
  for (let n = 0; n < count; n += 1) budget.countCall();
}
/** Takes retries that stay in flight until it gets no more. */
function takeAll(): Disposable[] {
  const taken: Disposable[] = [];
  for (let place = budget.take(); place; place = budget.take()) taken.push(place);
  return taken;
}

describe("RetryBudget", () => {
  it("allows three in flight, however few calls there are", () => {
    countCalls(1);
    expect(takeAll()).toHaveLength(3);
  });

  it("allows another as soon as one of the three has ended, and counts an end once", () => {
    const [first] = takeAll();
    first?.[Symbol.dispose]();
    first?.[Symbol.dispose]();
    expect(takeAll()).toHaveLength(1);
  });

  it("allows a fifth of the calls", () => {
    countCalls(99);
    expect(takeAll()).toHaveLength(19);
    countCalls(1);
    expect(takeAll()).toHaveLength(1);
  });

  it("counts retries that have ended, too: a storm of quick ones stays within the fifth and three at once", () => {
    countCalls(100);
    for (let n = 0; n < 20; n += 1) budget.take()?.[Symbol.dispose]();
    expect(takeAll()).toHaveLength(3);
  });

  it("forgets calls and retries that are more than ten seconds old", async () => {
    countCalls(100);
    for (const place of takeAll()) place[Symbol.dispose]();
    await clock.advance(9_000);
    expect(takeAll()).toHaveLength(3);
    await clock.advance(1_000);
    countCalls(50);
    // Ten, of which the three before are still in the window and in flight.
    expect(takeAll()).toHaveLength(7);
  });

  it("lets calls earn retries for ten seconds, and no longer", async () => {
    countCalls(100);
    await clock.advance(9_999);
    for (const place of takeAll()) place[Symbol.dispose]();
    expect(takeAll()).toHaveLength(3);
    await clock.advance(1);
    countCalls(125);
    // Of 25, what was taken a moment ago is still in the window.
    expect(takeAll()).toHaveLength(2);
  });

  it("counts each second by itself, from the first on", async () => {
    for (let second = 0; second < 30; second += 1) {
      countCalls(10);
      await clock.advance(1_000);
    }
    // The second that has begun is empty yet.
    expect(takeAll()).toHaveLength(18);
  });

  it("is empty again after a long silence", async () => {
    countCalls(1000);
    await clock.advance(3_600_000);
    expect(takeAll()).toHaveLength(3);
  });
});
