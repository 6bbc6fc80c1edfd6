import { describe, expect, it } from "vitest";
import { CliFixture } from "./fixtures/cli-fixture.ts";

describe("switchgear token", () => {
  it("makes a token that is printed once, lists it, and revokes it", async () => {
    await using fixture = new CliFixture();
    const made = await fixture.run(["token", "create", "approvals-api", "phone"]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sg_[0-9a-f]{12}_[\w-]{43}\n$/) });
    const id = made.stdout.slice(3, 15);
    const { stdout } = await fixture.run(["token", "list"]);
    expect(stdout).toMatch(new RegExp(`^${id}  approvals-api  phone  made \\S+  never used\n$`));
    expect(stdout).not.toContain(made.stdout.trim());
    expect(await fixture.run(["token", "revoke", id])).toMatchObject({ code: 0 });
    expect((await fixture.run(["token", "list", "approvals-api"])).stdout).toContain("revoked");
    expect((await fixture.run(["token", "list", "gateway", "--json"])).stdout).toBe("[]\n");
  });

  it("ends with 2 and says why where the name, the area or the id is of no use", async () => {
    await using fixture = new CliFixture();
    for (const args of [
      ["create", "approvals-api", "console"],
      ["create", "kitchen", "phone"],
      ["revoke", "nobody"],
    ]) {
      const { code, stdout, stderr } = await fixture.run(["token", ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).not.toBe("");
    }
  });
});
