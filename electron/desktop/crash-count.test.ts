import { expect, it } from "vitest";
import { CrashCount } from "./crash-count.ts";

it("reloads by itself twice within a minute, and then waits for a person", () => {
  const crashes = new CrashCount();
  expect([0, 20_000, 59_999].map((at) => crashes.note(at))).toEqual(["reload", "reload", "wait"]);
});

it("forgets a crash after a minute", () => {
  const crashes = new CrashCount();
  expect([0, 20_000, 60_000, 80_000].map((at) => crashes.note(at))).toEqual(["reload", "reload", "reload", "reload"]);
});
