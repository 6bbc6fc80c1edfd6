import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exposedNames } from "./tool-names.ts";

const nameOf = (server: string, name: string) => [...exposedNames([{ server, name }]).keys()][0]!;
const marked = (start: string) => expect.stringMatching(new RegExp(`^${start}_[0-9a-f]{8}$`));

describe("exposedNames", () => {
  it.each([
    ["github", "get_user", "github__get_user"],
    ["lab-2", "_hidden", "lab-2___hidden"],
    ["a", "b__c", "a__b__c"],
    ["x".repeat(30), "y".repeat(32), `${"x".repeat(30)}__${"y".repeat(32)}`],
  ])("keeps %s %s as %s", (server, name, exposed) => {
    expect(nameOf(server, name)).toBe(exposed);
  });

  it.each([
    ["files", "a/b.c", "files__a_b_c"],
    ["files", "наше имя", "files___"],
    ["a__b", "c", "a__b__c"],
    ["a_", "c", "a___c"],
    ["x".repeat(30), "y".repeat(33), `${"x".repeat(30)}__${"y".repeat(23)}`],
  ])("marks %s %s, which could be taken for another or does not fit", (server, name, start) => {
    expect(nameOf(server, name)).toEqual(marked(start));
  });

  it("gives a tool the same name whatever else is offered", () => {
    const tools = [
      { server: "a__b", name: "c" },
      { server: "a", name: "b__c" },
      { server: "a", name: "b.c" },
      { server: "a", name: "b/c" },
    ];
    const all = new Map([...exposedNames(tools)].map(([exposed, tool]) => [tool, exposed]));
    for (const tool of tools) expect(all.get(tool)).toBe(nameOf(tool.server, tool.name));
    expect(new Set(all.values()).size).toBe(4);
  });

  it("lengthens the mark of a name that another tool has taken on purpose", () => {
    const victim = { server: "a", name: "b.c" };
    const taken = nameOf(victim.server, victim.name);
    const names = exposedNames([victim, { server: "a", name: taken.slice("a__".length) }]);
    expect(names.size).toBe(2);
    expect(names.get(taken)).not.toBe(victim);
  });

  it("names every pair once, within 64 characters of the allowed set", () => {
    const server = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,70}$/);
    const name = fc.oneof(fc.string({ unit: "grapheme", maxLength: 80 }), fc.stringMatching(/^[a-z_]{0,6}$/));
    fc.assert(
      fc.property(fc.array(fc.record({ server, name }), { maxLength: 40 }), (tools) => {
        const names = exposedNames(tools);
        const pairs = new Set(tools.map((tool) => JSON.stringify([tool.server, tool.name])));
        expect(names.size).toBe(pairs.size);
        for (const exposed of names.keys()) expect(exposed).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      }),
    );
  });
});
