import { describe, expect, it } from "vitest";
import type { TraceStep } from "../../../shared/policy.ts";
import { countDeciding, readLine } from "./deciding-lines.ts";
import { decidingStep } from "./trace-words.ts";

describe("countDeciding", () => {
  it("counts the tools of each line", () => {
    const tool = (line: number | null) =>
      ({ permission: { level: "ALWAYS", rule: "", line, conditional: false } }) as Parameters<
        typeof countDeciding
      >[0][0];
    expect([...countDeciding([tool(3), tool(null), tool(3), tool(9)])]).toEqual([
      [3, 2],
      [9, 1],
    ]);
  });
});

describe("readLine", () => {
  it.each([
    ["12", 12],
    [null, null],
    ["0", null],
    ["x", null],
    ["1.5", null],
  ])("of %j is %j", (text, line) => {
    expect(readLine(text)).toBe(line);
  });
});

describe("decidingStep", () => {
  it("is the first of the rule's name that said something", () => {
    const step = (name: string, level: TraceStep["level"]): TraceStep => ({
      step: "context_rule",
      name,
      line: 1,
      outcome: level ? "spoke" : "silent",
      level,
      detail: "",
    });
    const trace = [step("a", null), step("b", "NEVER"), step("a", "ALWAYS"), step("a", "NEVER")];
    expect(decidingStep(trace, "a")).toBe(2);
    expect(decidingStep(trace, "c")).toBe(-1);
  });
});
