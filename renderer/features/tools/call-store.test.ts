import { describe, expect, it } from "vitest";
import { createCallStore, readArguments, setRun, toolKey, updateRun, type Run } from "./call-store.ts";

const running = (id: string): Run => ({ id, args: {}, startedAt: 0, state: "running", cancelling: false });

describe("the store of calls", () => {
  it("keeps one call a tool", () => {
    const store = createCallStore();
    setRun(store, toolKey("a", "x"), running("1"));
    setRun(store, toolKey("b", "x"), running("2"));
    expect(store.getState().runs).toMatchObject({ "a.x": { id: "1" }, "b.x": { id: "2" } });
  });

  it("lets a late answer of an older call change nothing", () => {
    const store = createCallStore();
    setRun(store, "a.x", running("new"));
    updateRun(store, "a.x", "old", (run) => ({ ...run, state: "failed", error: new Error("late") }));
    expect(store.getState().runs["a.x"]).toEqual(running("new"));
  });
});

describe("readArguments", () => {
  it("reads an object, and nothing as no arguments", () => {
    expect(readArguments('{"a": [1]}')).toEqual({ args: { a: [1] } });
    expect(readArguments("  \n")).toEqual({ args: {} });
  });

  it.each(["[]", "null", "1", '"x"', "{", "{a: 1}"])("says why %s is not arguments", (text) => {
    expect(readArguments(text)).toHaveProperty("reason");
  });
});
