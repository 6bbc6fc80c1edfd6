import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSystemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Redactor } from "../secrets/redact.ts";
import { openVault } from "./open-vault.ts";
import { resolveSecret } from "./resolve-secret.ts";

it("looks variables up, and takes anything else as it is", () => {
  expect(resolveSecret("env://TOKEN", { TOKEN: "abc" })).toBe("abc");
  expect(resolveSecret("plain", {})).toBe("plain");
});

it("names a secret that is not there, and shows no value", () => {
  expect(() => resolveSecret("env://TOKEN", { OTHER: "t0p" })).toThrow(/^(?=.*TOKEN)(?!.*t0p)/);
  const env = { SWITCHGEAR_DATA: join(tmpdir(), "switchgear-no-such-folder") };
  expect(() => resolveSecret("secrets://github/token", env, "github")).toThrow(/secrets:\/\/github\/token/);
});

it("reads the vault of the data folder for the server that the secret is for, and for no other", async () => {
  const data = mkdtempSync(join(tmpdir(), "switchgear-library-"));
  const env = { SWITCHGEAR_DATA: data, SWITCHGEAR_VAULT_KEY: "a long passphrase for tests" };
  const vault = openVault({ env, clock: createSystemClock(), logger: silentLogger, redactor: new Redactor() });
  await vault.set("github", "t0ken", { servers: ["github"] });
  expect(resolveSecret("Bearer secrets://github", env, "github")).toBe("Bearer t0ken");
  expect(() => resolveSecret("secrets://github", env, "gitlab")).toThrow('not for "gitlab"');
  expect(() => resolveSecret("secrets://github", env)).toThrow("bound to servers");
  expect(() => resolveSecret("secrets://github", { SWITCHGEAR_DATA: data }, "github")).toThrow(
    "SWITCHGEAR_VAULT_KEY, which is not set",
  );
  expect(() =>
    resolveSecret("secrets://github", { ...env, SWITCHGEAR_VAULT_KEY: "another long passphrase" }, "github"),
  ).toThrow("is not the key");
  rmSync(data, { recursive: true });
});
