import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerTimes, answersKept, answersNeeded } from "./answer-times.ts";

function timesOf(list: readonly number[]): AnswerTimes {
  const times = new AnswerTimes();
  for (const ms of list) {
    if (ms === Infinity) times.cutShort();
    else times.answered(ms);
  }
  return times;
}
const many = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe("AnswerTimes", () => {
  it("says nothing before 30 attempts", () => {
    expect(timesOf([]).p99()).toBeNull();
    expect(timesOf(many(answersNeeded - 1, 10)).p99()).toBeNull();
    expect(timesOf(many(answersNeeded, 10)).p99()).toBe(10);
  });

  it.each([
    { attempts: 99, slow: 0, p99: 10 },
    { attempts: 99, slow: 1, p99: 500 },
    { attempts: 100, slow: 1, p99: 10 },
    { attempts: 100, slow: 2, p99: 500 },
    { attempts: 200, slow: 2, p99: 10 },
    { attempts: 200, slow: 3, p99: 500 },
  ])("of $attempts attempts with $slow slow ones says $p99 ms", ({ attempts, slow, p99 }) => {
    expect(timesOf([...many(attempts - slow, 10), ...many(slow, 500)]).p99()).toBe(p99);
    expect(timesOf([...many(slow, 500), ...many(attempts - slow, 10)]).p99()).toBe(p99);
  });

  it("takes an attempt that was cut short for infinitely long", () => {
    const times = timesOf([...many(198, 10), Infinity, Infinity]);
    expect([times.p99(), times.cut]).toEqual([10, 2]);
    times.cutShort();
    expect([times.p99(), times.cut]).toEqual([Infinity, 3]);
  });

  it("forgets what is more than 200 attempts ago", () => {
    const times = timesOf([...many(3, Infinity), ...many(198, 10)]);
    expect([times.p99(), times.cut, times.size]).toEqual([10, 2, 200]);
  });

  it("agrees with sorting the last 200, whatever came", () => {
    const ms = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Infinity), fc.constant(0));
    fc.assert(
      fc.property(fc.array(ms, { minLength: answersNeeded, maxLength: 450 }), (list) => {
        const kept = list.slice(-answersKept).toSorted((a, b) => a - b);
        expect(timesOf(list).p99()).toBe(kept[Math.ceil(kept.length * 0.99) - 1]);
      }),
    );
  });
});
