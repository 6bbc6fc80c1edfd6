/** Names that try to be taken for others, on the real path with real servers. */

import { afterEach, describe, expect, it } from "vitest";
import { ListingFixture } from "./fixtures/listing-fixture.ts";

let fixture: ListingFixture;
const policy = (tools: string) => `default_permission: NEVER\ntools:\n  "*.relist": { permission: ALWAYS }\n${tools}`;
const levelOf = (server: string, tool: string) =>
  fixture.core.core.tools.list("console").find((view) => view.server === server && view.name === tool)?.permission;

afterEach(async () => fixture[Symbol.asyncDispose]());

describe("a rule for github.*", () => {
  it.each([
    ["another case", "GitHub"],
    ["a Cyrillic letter", "g\u0456thub"],
    ["full-width letters", "\uff47ithub"],
    ["a zero-width space", "github\u200b"],
  ])("is not met by a server with %s in its name, which no server can have", async (_what, server) => {
    fixture = await ListingFixture.open(
      { github: [{ name: "get_user" }] },
      policy("  github.*: { permission: ALWAYS }\n"),
    );
    const { error, invocation } = await fixture.call(server, "get_user");
    expect(error!.code).toBe("policy_denied");
    expect(invocation.rule).not.toContain("github.*");
    expect((await fixture.call("github", "get_user")).error).toBeNull();
    expect(fixture.arrived("github")).toEqual(["get_user"]);
  });
});

describe("a tool that is allowed by name", () => {
  it.each([
    ["one letter more", "get_users"],
    ["another case", "Get_User"],
    ["a Cyrillic letter", "g\u0435t_user"],
    ["a trailing space", "get_user "],
    ["a zero-width space", "get_user\u200b"],
    ["a right-to-left override", "get_\u202euser"],
  ])("is not another that its server lists with %s", async (_what, name) => {
    const tools = [{ name: "get_user" }, { name }];
    fixture = await ListingFixture.open({ github: tools }, policy("  github.get_user: { permission: ALWAYS }\n"));
    expect((await fixture.call("github", "get_user")).error).toBeNull();
    expect((await fixture.call("github", name)).error).not.toBeNull();
    expect(fixture.arrived("github")).toEqual(["get_user"]);
  });
});

describe("server a with tool b.c", () => {
  it("is not server a.b with tool c", async () => {
    fixture = await ListingFixture.open({ a: [{ name: "b.c" }] }, policy("  a.b.c: { permission: ALWAYS }\n"));
    expect((await fixture.call("a.b", "c")).error!.code).toBe("policy_denied");
    expect((await fixture.call("a", "b.c")).error).toBeNull();
    expect(fixture.arrived("a")).toEqual(["b.c"]);
  });
});

describe("a tool with a name that every object has", () => {
  it.each(["constructor", "__proto__", "toString"])("%s is a tool like any other", async (name) => {
    fixture = await ListingFixture.open({ a: [{ name }] }, policy(`  a.${name}: { permission: ALWAYS }\n`));
    expect((await fixture.call("a", name)).error).toBeNull();
    expect(fixture.pins.detail("a", name)).toMatchObject({ pin: { standing: "accepted" }, offered: { name } });
    await fixture.change("a", [{ name, description: "Another." }]);
    expect((await fixture.call("a", name)).error!.code).toBe("quarantined");
    expect(fixture.arrived("a")).toEqual([name]);
  });

  it.each(["constructor", "__proto__"])("%s is no tool of a server that lists none of the name", async (name) => {
    fixture = await ListingFixture.open({ a: [] }, "default_permission: ALWAYS\n");
    expect((await fixture.call("a", name)).error!.code).toBe("unknown_tool");
    expect(() => fixture.pins.detail("a", name)).toThrow(/never listed/);
  });
});

describe("a name with characters that cannot be seen", () => {
  it.each([
    ["a right-to-left override", "pay\u202elive"],
    ["a zero-width joiner", "pay\u200dlive"],
    ["a control character", "pay\u0007live"],
    ["a tag character", "pay\u{e0041}live"],
    ["a NUL", "pay\u0000live"],
  ])("%s waits for a person, and goes on asking once it is accepted", async (_what, name) => {
    fixture = await ListingFixture.open({ a: [{ name }] }, "default_permission: ALWAYS\n");
    await fixture.connect("a");
    expect(levelOf("a", name)).toMatchObject({ level: "NEVER" });
    const [pin] = fixture.pins.list(new Set(["a"])).filter(({ tool }) => tool !== "relist");
    expect(pin).toMatchObject({ standing: "suspect", warnings: [{ code: "hidden_characters", where: "name" }] });
    fixture.pins.accept("a", [pin!], { by: "console", why: "It is spelled so." });
    expect(levelOf("a", name)).toMatchObject({ level: "REQUIRE_APPROVAL", rule: "hidden characters" });
  });
});
