import { describe, expect, it } from "vitest";
import { MCPClientError } from "../errors.ts";
import { isSecretReference, resolveSecret } from "./resolve.ts";

const env = { TOKEN: "s3cr3t-value", EMPTY: "" };
const subject = "header `Authorization` of /catalog/servers/github.yaml";

function refusal(setting: string): MCPClientError {
  try {
    resolveSecret(setting, env, subject);
  } catch (error) {
    return error as MCPClientError;
  }
  throw new Error("nothing was refused");
}

describe("resolveSecret", () => {
  it.each([
    ["plain text stays", "hello", "hello", null],
    ["a URL stays", "https://example.com/env", "https://example.com/env", null],
    ["a reference", "env://TOKEN", "s3cr3t-value", "s3cr3t-value"],
    ["a reference after a word", "Bearer env://TOKEN", "Bearer s3cr3t-value", "s3cr3t-value"],
  ])("%s", (_, setting, value, secret) => {
    expect(resolveSecret(setting, env, subject)).toEqual({ value, secret });
  });

  it.each([
    ["a missing variable", "env://MISSING", "MISSING is not set"],
    ["an empty variable", "env://EMPTY", "EMPTY is not set"],
    ["no name", "env://", "names no environment variable"],
    ["a store that is not there", "secrets://github", "no secret store"],
  ])("refuses %s, naming the file and no value", (_, setting, words) => {
    const error = refusal(setting);
    expect(error).toBeInstanceOf(MCPClientError);
    expect(error.code).toBe("config_invalid");
    expect(error.message).toContain(words);
    expect(error.message).toContain("/catalog/servers/github.yaml");
    expect(JSON.stringify(error.toWire())).not.toContain("s3cr3t-value");
  });

  it("knows a reference when it sees one", () => {
    expect(["env://A", "Basic secrets://a", "env", "see env://A for more"].map(isSecretReference)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
