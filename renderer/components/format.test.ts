import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatCount, formatCountdown, formatDuration, formatRowTime } from "./format.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [0.02, "0.1 ms"],
    [0.44, "0.4 ms"],
    [340.4, "340 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [1234, "1.2 s"],
    [9960, "10 s"],
    [59_400, "59 s"],
    [59_700, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [11_040_000, "3 h 4 min"],
    [183_600_000, "2 d 3 h"],
  ])("writes %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("formatCountdown", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [1, "1 s"],
    [12_000, "12 s"],
    [12_001, "13 s"],
    [245_000, "4 min 5 s"],
  ])("with %d ms left says %s", (ms, text) => expect(formatCountdown(ms)).toBe(text));
});

describe("formatAgo", () => {
  it.each([
    [-100, "just now"],
    [4999, "just now"],
    [59_999, "59 s ago"],
    [60_000, "1 min ago"],
    [7_200_000, "2 h ago"],
    [172_800_000, "2 d ago"],
  ])("calls %d ms %s", (ms, text) => expect(formatAgo(ms)).toBe(text));
});

describe("formatBytes and formatCount", () => {
  it("choose a unit and a number", () => {
    expect([812, 1400, 999_949, 999_950, 3_000_000].map(formatBytes)).toEqual([
      "812 B",
      "1.4 kB",
      "999.9 kB",
      "1.0 MB",
      "3.0 MB",
    ]);
    expect([formatCount(1, "circuit"), formatCount(1200, "circuit"), formatCount(2, "retry", "retries")]).toEqual([
      "1 circuit",
      "1,200 circuits",
      "2 retries",
    ]);
  });
});

describe("formatRowTime", () => {
  const now = new Date(2026, 10, 21, 18, 0, 0).getTime();

  it("leaves out what goes without saying", () => {
    expect(formatRowTime(new Date(2026, 10, 21, 14, 3, 22).getTime(), now)).toBe("14:03:22");
    expect(formatRowTime(new Date(2026, 10, 3, 14, 3).getTime(), now)).toMatch(/3.*14:03$/);
    expect(formatRowTime(new Date(2025, 10, 3, 14, 3).getTime(), now)).toMatch(/2025/);
  });
});
