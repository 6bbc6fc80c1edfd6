import { expect, it } from "vitest";
import { CliFixture } from "./fixtures/cli-fixture.ts";

it("prints the webhook key alone, the same each time until it is renewed", async () => {
  await using fixture = new CliFixture();
  const env = { SWITCHGEAR_VAULT_KEY: "a passphrase that is long enough" };
  const shown = await fixture.run(["webhook-key"], env);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S{44}\n$/) });
  expect((await fixture.run(["webhook-key", "--json"], env)).stdout).toBe(
    `${JSON.stringify({ key: shown.stdout.trim() })}\n`,
  );
  const renewed = await fixture.run(["webhook-key", "--renew"], env);
  expect(renewed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S{44}\n$/) });
  expect(renewed.stdout).not.toBe(shown.stdout);
});
