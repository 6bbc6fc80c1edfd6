import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../core/journal/database.ts";
import { createSystemClock } from "../core/clock.ts";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

const key = { SWITCHGEAR_VAULT_KEY: "a long sentence that opens the vault" };
const call = ["call", "lab", "echo", "--args", '{"message":"hello"}'];

it("the chain of a call is checked, exported and checked again from the file alone", async () => {
  await using cli = new CliFixture({ "servers/lab.yaml": labServer });
  expect((await cli.run(call, key)).code).toBe(0);
  const verified = await cli.run(["audit", "verify", "--json"], key);
  expect(verified.code).toBe(0);
  const verdict = JSON.parse(verified.stdout) as { records: number; sealed: number; keys: string[] };
  expect(verdict).toMatchObject({ records: 3, sealed: 3, fault: null, remarks: [], keys: [expect.any(String)] });

  const file = join(cli.folder, "audit.jsonl");
  expect(await cli.run(["audit", "export", file], key)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("3 records written"),
  });
  const elsewhere = await cli.run(["audit", "verify", file, "--key", verdict.keys[0]!.toUpperCase()]);
  expect(elsewhere).toMatchObject({ code: 0, stdout: expect.stringContaining("3 records checked") });
  expect(elsewhere.stdout).toContain(`Signed by key ${verdict.keys[0]}`);
  expect((await cli.run(["audit", "verify", file, "--key", "another"])).code).toBe(1);

  writeFileSync(file, readFileSync(file, "utf8").replace('"by":"terminal"', '"by":"nobody"'));
  const tampered = await cli.run(["audit", "verify", file]);
  expect(tampered).toMatchObject({ code: 1, stdout: expect.stringContaining("NOT SOUND: Record 2 ") });
});

it("a record that was edited in the journal is named", async () => {
  await using cli = new CliFixture({ "servers/lab.yaml": labServer });
  await cli.run(call);
  const { database } = openDatabase(join(cli.data, "journal.sqlite"), createSystemClock());
  database.exec("DROP TRIGGER audit_stays; UPDATE audit SET by = 'nobody' WHERE kind = 'decision'");
  database.close();
  const { code, stdout } = await cli.run(["audit", "verify"]);
  expect(code).toBe(1);
  expect(stdout).toContain("NOT SOUND: Record 2 does not have the content that its hash was made of.");
  expect(stdout).toContain("No key has signed");
});

it(
  "an end that was cut off, seals and all, is found against a head that was kept elsewhere",
  { timeout: 120_000 },
  async () => {
    await using cli = new CliFixture({ "servers/lab.yaml": labServer });
    await cli.run(call, key);
    const { stdout } = await cli.run(["audit", "head"], key);
    const head = stdout.trim();
    expect(head).toMatch(/^3:[0-9a-f]{64}$/);
    expect((await cli.run(["audit", "verify", "--head", head], key)).code).toBe(0);
    expect(await cli.run(["audit", "verify", "--head", "3"], key)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no head of a chain") as string,
    });

    const { database } = openDatabase(join(cli.data, "journal.sqlite"), createSystemClock());
    for (const { name } of database.all(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'audit%'",
    )) {
      database.exec(`DROP TRIGGER ${name}`);
    }
    database.exec("DELETE FROM audit WHERE seq > 1; DELETE FROM audit_seals WHERE seq > 1");
    database.close();
    expect((await cli.run(["audit", "verify"], key)).code).toBe(0);
    const { code, stdout: told } = await cli.run(["audit", "verify", "--head", head], key);
    expect(code).toBe(1);
    expect(told).toContain("NOT SOUND: Record 2 to 3 are missing: record 3 was kept elsewhere.");
  },
);

it("what is no export, or is not there, is said in words", async () => {
  await using cli = new CliFixture();
  const other = join(cli.folder, "other.jsonl");
  writeFileSync(other, "{}\n");
  expect(await cli.run(["audit", "verify", other])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("does not begin as an audit export does"),
  });
  expect(await cli.run(["audit", "verify", join(cli.folder, "none.jsonl")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("cannot be read"),
  });
});
