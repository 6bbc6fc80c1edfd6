import { describe, expect, it } from "vitest";
import { askedPath, resourcePath, toolPath } from "./offer-paths.ts";

describe("paths to what servers offer", () => {
  it("escape what a tool may be called, and what a resource's address may hold", () => {
    expect(toolPath({ server: "fs", name: "a/b?c#d" })).toBe("/tools?server=fs&tool=a%2Fb%3Fc%23d");
    expect(resourcePath({ server: "fs", uri: "file:///a b?c&d=e" })).toBe(
      "/resources?server=fs&uri=file%3A%2F%2F%2Fa+b%3Fc%26d%3De",
    );
  });

  it("lead from a call to the tool, the resource or the prompt that it asked for", () => {
    expect(askedPath({ server: "fs", tool: "list" }, { uri: "x:y" })).toBe("/tools?server=fs&tool=list");
    expect(askedPath({ server: "fs", tool: "resources/read" }, { uri: "x:y" })).toBe("/resources?server=fs&uri=x%3Ay");
    expect(askedPath({ server: "fs", tool: "prompts/get" }, { name: "plan" })).toBe("/prompts?server=fs&prompt=plan");
    expect(askedPath({ server: "fs", tool: "resources/read" }, null)).toBe("/tools?server=fs&tool=resources%2Fread");
  });
});
