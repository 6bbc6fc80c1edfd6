import { describe, expect, it } from "vitest";
import { emptyChoice, isEmptyChoice, readChoice, toFilter, writeChoice, type FilterChoice } from "./filter-params.ts";

const everything: FilterChoice = {
  text: "get sum & more",
  server: "everything",
  tool: "get-sum",
  client: "claude-desktop",
  outcomes: ["tool_error", "outcome_unknown"],
  level: "REQUIRE_APPROVAL",
  since: "1h",
  from: Date.UTC(2026, 0, 1),
  to: null,
};

describe("the filter in the address", () => {
  it("comes back as it was written", () => {
    expect(readChoice(new URLSearchParams(writeChoice(everything).toString()))).toEqual(everything);
  });

  it("is absent where nothing is chosen", () => {
    const nothing = readChoice(new URLSearchParams());
    expect(writeChoice(nothing).toString()).toBe("");
    expect(isEmptyChoice(nothing)).toBe(true);
    expect(isEmptyChoice(everything)).toBe(false);
  });

  it("leaves out what is no filter", () => {
    const choice = readChoice(new URLSearchParams("level=SOMETIMES&outcome=great&outcome=ok&since=9y&server=&x=1"));
    expect(choice).toMatchObject({ level: null, outcomes: ["ok"], since: null, server: null });
  });

  it("keeps the text within what the journal takes", () => {
    expect(readChoice(new URLSearchParams({ text: "x".repeat(500) })).text).toHaveLength(200);
  });
});

describe("toFilter", () => {
  it("asks for nothing that was not chosen", () => {
    expect(toFilter(readChoice(new URLSearchParams()), 0)).toEqual({});
  });

  it("counts back from now", () => {
    const { since, to, ...chosen } = everything;
    expect([since, to]).toEqual(["1h", null]);
    expect(toFilter({ ...everything, from: null }, 10_000_000)).toEqual({ ...chosen, from: 6_400_000 });
  });

  it("takes the moments that a person gave as they are", () => {
    const choice = { ...emptyChoice, from: 5, to: 9 };
    expect(toFilter(choice, 10_000_000)).toEqual({ from: 5, to: 9 });
  });
});
