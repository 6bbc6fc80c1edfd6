import { describe, expect, it } from "vitest";
import type { ToolView } from "../../../shared/tool.ts";
import { groupTools, toolPath } from "./group-tools.ts";

const tool = (server: string, name: string, rest: Partial<ToolView> = {}): ToolView => ({
  server,
  name,
  title: null,
  description: null,
  inputSchema: {},
  outputSchema: null,
  annotations: {},
  stale: false,
  timeout: { ms: 30_000, adaptive: null },
  standing: "accepted",
  permission: { level: "ALWAYS", rule: "default", line: null, conditional: false },
  ...rest,
});
const tools = [tool("b", "two"), tool("a", "sum", { description: "Adds numbers" }), tool("b", "one", { stale: true })];
const names = (text: string) => groupTools(tools, text).map((group) => [group.server, group.tools.map((t) => t.name)]);

describe("groupTools", () => {
  it("puts servers and their tools in order", () => {
    expect(names("")).toEqual([
      ["a", ["sum"]],
      ["b", ["one", "two"]],
    ]);
  });

  it("finds every word anywhere in what a tool says of itself", () => {
    expect(names("ADDS sum")).toEqual([["a", ["sum"]]]);
    expect(names("b.tw")).toEqual([["b", ["two"]]]);
    expect(names("adds two")).toEqual([]);
  });

  it("marks a server whose list is stale", () => {
    expect(groupTools(tools, "").map((group) => group.stale)).toEqual([false, true]);
  });
});

describe("toolPath", () => {
  it("escapes what a tool may be called", () => {
    expect(toolPath({ server: "fs", name: "a/b?c#d" })).toBe("/tools?server=fs&tool=a%2Fb%3Fc%23d");
  });
});
