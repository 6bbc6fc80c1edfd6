import { describe, expect, it } from "vitest";
import { ToolSet } from "./tool-set.ts";

describe("a set of tools", () => {
  it.each<[string, string, string, boolean]>([
    ["github", "github", "get_user", true],
    ["github", "github", "resources/read", true],
    ["github", "github2", "get_user", false],
    ["git*", "github", "get_user", true],
    ["*", "lab", "echo", true],
    ["github.get_*", "github", "get_user", true],
    ["github.get_*", "github", "delete_repo", false],
    ["github.get_*", "gitlab", "get_user", false],
    ["*.get_?", "lab", "get_a", true],
    ["*.get_?", "lab", "get_ab", false],
    ["lab.a.b", "lab", "a.b", true],
    ["lab.a", "lab", "a.b", false],
    // a star of the server's part ends with the server
    ["g*_read", "github", "x.y_read", false],
    // exactly, as the policy has it
    ["github.Get", "github", "get", false],
    ["github.get", "github", "get ", false],
  ])("%s: %s.%s is %s", (pattern, server, tool, expected) => {
    const set = new ToolSet([pattern]);
    expect([set.has(server, tool), set.has(server, tool)]).toEqual([expected, expected]);
  });

  it("holds what any of its patterns names, and with none holds nothing", () => {
    const set = new ToolSet(["lab.echo", "db"]);
    expect(set.has("lab", "echo")).toBe(true);
    expect(set.has("db", "query")).toBe(true);
    expect(set.has("lab", "wipe")).toBe(false);
    expect(new ToolSet([]).has("lab", "echo")).toBe(false);
  });

  it("knows of which servers it could hold something", () => {
    const set = new ToolSet(["lab.echo", "db*"]);
    expect(["lab", "db", "db2", "github"].map((server) => set.hasServer(server))).toEqual([true, true, true, false]);
  });

  it("keeps its answers within bounds", () => {
    const set = new ToolSet(["lab.t1*"]);
    for (let n = 0; n < 10_002; n++) expect(set.has("lab", `t${n}`)).toBe(String(n).startsWith("1"));
  });
});
