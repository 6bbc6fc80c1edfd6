import { describe, expect, it } from "vitest";
import { auditKinds } from "../../../shared/audit.ts";
import { gist, groups, kindWord, toFilter } from "./audit-words.ts";

describe("the groups of records", () => {
  it("hold every kind but decisions once, and decisions alone", () => {
    const { acts, all: _all, ...rest } = groups;
    const grouped = Object.values(rest).flatMap(({ kinds }) => [...kinds]);
    expect(grouped.toSorted()).toEqual([...auditKinds].toSorted());
    expect(acts.kinds).not.toContain("decision");
  });

  it("become a filter with the words sought", () => {
    expect(toFilter("decisions", " repo ")).toEqual({ kinds: ["decision"], text: "repo" });
    expect(toFilter("all", " ")).toEqual({});
  });
});

describe("a record in one line", () => {
  it.each([
    ["decision", { level: "NEVER", rule: "default" }, "NEVER · default"],
    ["verdict", { state: "denied", reason: "not today" }, "denied · not today"],
    ["verdict", { state: "approved", reason: null }, "approved"],
    ["switch", { to: false }, "off"],
    ["switch", { to: true }, "on"],
    ["setting", { from: "a", to: "b" }, '"a" → "b"'],
    ["setting", { from: { enabled: false, port: 1 }, to: { enabled: true, port: 1 } }, "enabled false → true"],
    ["policy.changed", { state: "valid", changes: ["line 1:", "-a", "+b", "+c", 4] }, "valid · +2 −1 lines"],
    ["policy.changed", { state: "invalid", changes: null }, "invalid"],
    ["circuit.reset", { why: "fixed" }, "fixed"],
    ["pin.accepted", { why: "read", tools: [{ tool: "a" }, { tool: "b" }] }, "read · 2 tools"],
    ["pin.drifted", { why: null, tools: [{ tool: "a" }] }, ""],
    ["client.made", { area: "gateway", token: "1" }, "gateway"],
    ["something.new", {}, ""],
  ])("of %s %o", (kind, detail, expected) => {
    expect(gist({ kind, detail })).toBe(expected);
  });

  it("of a kind that is not known yet has its own name", () => {
    expect([kindWord("verdict"), kindWord("something.new")]).toEqual(["Verdict", "something.new"]);
  });
});
