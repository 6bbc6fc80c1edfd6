import { describe, expect, it } from "vitest";
import { CliFixture } from "./fixtures/cli-fixture.ts";

async function withClient(): Promise<CliFixture> {
  const fixture = new CliFixture();
  await fixture.run(["token", "create", "gateway", "cursor"]);
  return fixture;
}

describe("switchgear clients", () => {
  it("lets a client see some servers and tools, or all, lazily or not, and lists that", async () => {
    await using fixture = await withClient();
    const list = async () => (await fixture.run(["clients"])).stdout;
    expect(await list()).toBe("cursor  sees everything\n");
    const set = (...options: string[]) => fixture.run(["clients", "set", "cursor", ...options]);
    expect(await set("--sees", "github.get_*", "lab", "--lazy")).toMatchObject({ code: 0 });
    expect(await list()).toBe("cursor  sees github.get_*, lab, through find_tools, describe_tool and call_tool\n");
    // What is not named stays as it is.
    await set("--no-lazy");
    expect(await list()).toBe("cursor  sees github.get_*, lab\n");
    expect(JSON.parse((await set("--all", "--json")).stdout)).toEqual({ sees: null, lazy: false });
  });

  it("ends with 2 and says why where there is no such client, or a pattern cannot be used", async () => {
    await using fixture = await withClient();
    for (const [args, why] of [
      [["zed", "--lazy"], 'There is no client "zed"'],
      [["cursor", "--sees", "Git Hub"], '"Git Hub": name a server'],
      [["cursor", "--sees", "lab", "--all"], "say different things"],
    ] as const) {
      const { code, stdout, stderr } = await fixture.run(["clients", "set", ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(why);
    }
    expect((await fixture.run(["clients"])).stdout).toBe("cursor  sees everything\n");
  });
});
