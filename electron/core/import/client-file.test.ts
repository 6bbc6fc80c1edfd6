import { describe, expect, it } from "vitest";
import type { MCPClientError } from "../errors.ts";
import { readClientFile } from "./client-file.ts";

const names = (text: string) => readClientFile(text, "mcp.json").map(({ name }) => name);
function refusal(text: string): MCPClientError {
  try {
    readClientFile(text, "mcp.json");
  } catch (error) {
    return error as MCPClientError;
  }
  throw new Error("It was read.");
}

describe("a client's file", () => {
  it.each([
    ["Claude Desktop and Cursor", '{ "mcpServers": { "a": {}, "b": {} } }', ["a", "b"]],
    ["VS Code", '{ "inputs": [], "servers": { "a": {} } }', ["a"]],
    ["VS Code's settings", '{ "editor.tabSize": 2, "mcp": { "servers": { "a": {} } } }', ["a"]],
    ["VS Code's settings, flat", '{ "mcp.servers": { "a": {} } }', ["a"]],
    [
      "Claude Code, with projects",
      '{ "mcpServers": { "a": {} }, "projects": { "/work/x": { "mcpServers": { "b": {} } } } }',
      ["a", "b"],
    ],
    ["one that lists none", '{ "mcpServers": {} }', []],
    ["comments, trailing commas and tabs", '{\n\t// one\n\t"servers": { /* two\n */ "a": {}, },\n}', ["a"]],
    [
      "what looks like a comment in a string",
      '{ "servers": { "a": { "url": "https://x.test/*y*/" }, "b//": {} } }',
      ["a", "b//"],
    ],
    ["a byte order mark", '\uFEFF{ "servers": { "a": {} } }', ["a"]],
  ])("of %s is read", (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it("keeps the text of strings, escapes and all", () => {
    const text = '{ "servers": { "a": { "args": ["C:\\\\x\\/y", "\\u00e9\\uD83D\\uDE00", "a // b", "#c"] } } }';
    expect(readClientFile(text, "mcp.json")[0]!.value).toEqual({ args: ["C:\\x/y", "é😀", "a // b", "#c"] });
  });

  it("says where each server stands, comments or not", () => {
    const text = '{\n  // mine\n  "mcpServers": {\n    "a": {},\n    /* b */ "b": {}\n  }\n}';
    expect(readClientFile(text, "mcp.json")).toMatchObject([
      { name: "a", line: 4, column: 5 },
      { name: "b", line: 5, column: 13 },
    ]);
  });

  it.each([
    ["a comma that is missing", '{\n  "mcpServers": {\n    "a": {} "b": {}\n  }\n}', "mcp.json:3:"],
    ["an end that is missing", '{\n  "mcpServers": {\n', "mcp.json:"],
    ["a key that is there twice", '{ "mcpServers": {\n  "a": {},\n  "a": {} } }', "mcp.json:3:3: "],
    ["a key that would change what objects are", '{ "mcpServers": {\n  "__proto__": {} } }', "mcp.json:2:3: "],
  ])("with %s is refused with its line and column", (_, text, place) => {
    expect(refusal(text)).toMatchObject({ code: "config_invalid", message: expect.stringContaining(place) as string });
  });

  it("that is not JSON is refused without a word of what it holds", () => {
    for (const text of [
      '{ "mcpServers": {} } ghp_0123456789abcdef',
      '{ "a": "ghp_0123456789abcdef }',
      "ghp_0123456789abcdef",
    ]) {
      expect(refusal(text).message).not.toContain("ghp_");
    }
  });

  it.each(["", "[]", "{}", '{ "servers": 7 }', '{ "mcp": null }'])("that lists no servers says so: %s", (text) => {
    expect(refusal(text).message).toBe("mcp.json lists no MCP servers.");
  });

  it("is read in linear time, whatever it holds", () => {
    const began = performance.now();
    for (const text of ["/*".repeat(200_000), '"\\'.repeat(100_000), "//".repeat(200_000)]) refusal(text);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
