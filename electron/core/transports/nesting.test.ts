import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { isNestedTooDeep } from "./nesting.ts";

const nested = (levels: number): JSONRPCMessage => {
  // The message and its result are two.
  const deep: unknown = JSON.parse("[".repeat(levels - 2) + "]".repeat(levels - 2));
  return { jsonrpc: "2.0", id: 1, result: { wide: [1, { two: "[[[" }], deep } };
};

describe("isNestedTooDeep", () => {
  it("allows 500 levels, however they are made up", () => {
    expect(isNestedTooDeep(nested(500))).toBe(false);
    expect(isNestedTooDeep(nested(501))).toBe(true);
  });

  it("walks no deeper than that", () => {
    expect(isNestedTooDeep(nested(200_000))).toBe(true);
  });
});
