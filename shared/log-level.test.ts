import { describe, expect, it } from "vitest";
import { isAtLeast } from "./log-level.ts";

describe("a log level", () => {
  it.each([
    ["debug", "info", false],
    ["info", "info", true],
    ["warning", "notice", true],
    ["error", "critical", false],
    ["emergency", "debug", true],
  ] as const)("%s against %s: %s", (level, least, expected) => {
    expect(isAtLeast(level, least)).toBe(expected);
  });

  it("that is none of the protocol's is not held back", () => {
    expect(isAtLeast("loud", "emergency")).toBe(true);
  });
});
