import { describe, expect, it } from "vitest";
import { MCPClientError } from "../errors.ts";
import { fakeSecrets } from "../fake-secrets.ts";
import { isSecretReference, resolveSecret } from "./resolve.ts";

const env = { TOKEN: "s3cr3t-value", EMPTY: "", SWITCHGEAR_VAULT_KEY: "s3cr3t-value" };
const sources = {
  env,
  vault: fakeSecrets({ github: "s3cr3t&value" }),
  user: { id: "github", target: { hash: "", shown: "npx" } },
};
const subject = "header `Authorization` of /catalog/servers/github.yaml";

describe("resolveSecret", () => {
  it.each([
    ["plain text stays", "hello", "hello", null],
    ["a URL stays", "https://example.com/env", "https://example.com/env", null],
    ["a reference", "env://TOKEN", "s3cr3t-value", "s3cr3t-value"],
    ["a reference after a word", "Bearer env://TOKEN", "Bearer s3cr3t-value", "s3cr3t-value"],
    ["a reference after an =", "--token=env://TOKEN", "--token=s3cr3t-value", "s3cr3t-value"],
    ["a secret of the vault", "Bearer secrets://github", "Bearer s3cr3t&value", "s3cr3t&value"],
    ["a secret in a URL", "https://h/?a=b&key=secrets://github", "https://h/?a=b&key=s3cr3t%26value", "s3cr3t&value"],
  ])("%s", async (_, setting, value, secret) => {
    expect(await resolveSecret(setting, sources, subject)).toEqual({ value, secret });
  });

  it.each([
    ["a missing variable", "env://MISSING", "MISSING is not set"],
    ["an empty variable", "env://EMPTY", "EMPTY is not set"],
    ["no name", "env://", "names no environment variable"],
    ["a secret that is not there", "secrets://gitlab", "refers to secrets://gitlab. The vault holds no secret"],
    ["the key of the vault itself", "env://SWITCHGEAR_VAULT_KEY", "opens the vault and is for no server"],
    ["the key of the vault, whatever its case", "env://Switchgear_Vault_Key", "opens the vault and is for no server"],
  ])("refuses %s, naming the file and no value", async (_, setting, words) => {
    const error = await resolveSecret(setting, sources, subject).catch((thrown: MCPClientError) => thrown);
    if (!(error instanceof MCPClientError)) throw new Error("nothing was refused");
    expect(error.code).toBe("config_invalid");
    expect(error.message).toContain(words);
    expect(error.message).toContain("/catalog/servers/github.yaml");
    expect(error.hint).toBeTruthy();
    expect(JSON.stringify(error.toWire())).not.toContain("s3cr3t");
  });

  it("knows a reference when it sees one", () => {
    expect(["env://A", "Basic secrets://a", "x=env://A", "env", "see env://A for more"].map(isSecretReference)).toEqual(
      [true, true, true, false, false],
    );
  });
});
