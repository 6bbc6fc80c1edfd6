import { describe, expect, it } from "vitest";
import { abortSignalOf, LightSignal } from "./cancellation.ts";

const first = new Error("first");

function heard(listen: (listener: () => void) => void): () => number {
  let times = 0;
  listen(() => (times += 1));
  return () => times;
}

describe("a light signal", () => {
  it("tells whoever listens, once, and keeps the first reason", () => {
    const signal = new LightSignal();
    const times = heard((listener) => signal.addEventListener("abort", listener));
    expect(signal.aborted).toBe(false);
    signal.abort(first);
    signal.abort(new Error("second"));
    expect([signal.aborted, signal.reason, times()]).toEqual([true, first, 1]);
  });

  it("tells nobody who stopped listening, or came too late", () => {
    const signal = new LightSignal();
    const stopped = heard((listener) => {
      signal.addEventListener("abort", listener);
      signal.removeEventListener("abort", listener);
    });
    const never = () => {};
    signal.removeEventListener("abort", never);
    const still = heard((listener) => signal.addEventListener("abort", listener));
    signal.abort(first);
    const late = heard((listener) => signal.addEventListener("abort", listener));
    expect([stopped(), still(), late()]).toEqual([0, 1, 0]);
  });

  it("tells the others too where one stops listening while it is told", () => {
    const signal = new LightSignal();
    const onAbort = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort);
    const other = heard((listener) => signal.addEventListener("abort", listener));
    signal.abort(first);
    expect(other()).toBe(1);
  });

  it("gives an AbortSignal that is aborted with it, and the same one each time", () => {
    const signal = new LightSignal();
    const real = abortSignalOf(signal);
    expect(abortSignalOf(signal)).toBe(real);
    expect(real.aborted).toBe(false);
    signal.abort(first);
    expect([real.aborted, real.reason]).toEqual([true, first]);
  });

  it("gives an aborted AbortSignal where it was aborted before", () => {
    const signal = new LightSignal();
    signal.abort(first);
    expect(abortSignalOf(signal)).toMatchObject({ aborted: true, reason: first });
  });
});

it("an AbortSignal stands for itself, and none for none", () => {
  const { signal } = new AbortController();
  expect(abortSignalOf(signal)).toBe(signal);
  expect(abortSignalOf(undefined)).toBeUndefined();
});
