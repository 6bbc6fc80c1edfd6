import { expect, it } from "vitest";
import { durationText } from "./duration-text.ts";

it.each([
  [0, "0 ms"],
  [0.2, "1 ms"],
  [250, "250 ms"],
  [999, "999 ms"],
  [1000, "1 s"],
  [1501, "1.6 s"],
  [9999, "10 s"],
  [10_001, "11 s"],
  [60_000, "60 s"],
])("says %d ms as %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
