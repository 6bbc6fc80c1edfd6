import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;

describe("parseRetryAfter", () => {
  it.each([
    ["7", 7_000],
    [" 0 ", 0],
    ["1.5", 1_500],
    ["-5", 0],
    ["99999999999", day],
    ["Thu, 01 Jan 2026 00:00:09 GMT", 9_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["Fri, 01 Jan 2100 00:00:00 GMT", day],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("reads %j as %j ms", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
