import { describe, expect, it } from "vitest";
import { decidingLine } from "./trace-words.ts";

describe("decidingLine", () => {
  it("is the line of the step that spoke under the rule's name", () => {
    const step = { step: "tool", name: "github.*", outcome: "spoke", detail: "" } as const;
    const silent = { ...step, name: "default", outcome: "silent", line: 1, level: null } as const;
    const spoke = { ...step, line: 12, level: "REQUIRE_APPROVAL" } as const;
    expect(decidingLine([silent, spoke], "github.*")).toBe(12);
    expect(decidingLine([silent, spoke], "default")).toBeNull();
  });
});
