import { describe, expect, it } from "vitest";
import { searchQuery, searchVector } from "./words.ts";

describe("the words of a call", () => {
  it("are its own, in small letters, without marks, in their places; those of its names are marked", () => {
    expect(searchVector("git-hub", "Crème brûlée, crème")).toBe("'git':1A 'hub':2A 'creme':3,5 'brulee':4");
  });
  it("keep what PostgreSQL has no room for in bounds", () => {
    const vector = searchVector("", `${"w ".repeat(20_000)}${"x".repeat(5_000)}`);
    expect(vector.match(/\d+/g)!.length).toBe(256);
    expect(Math.max(...vector.match(/(?<=[:,])\d+/g)!.map(Number))).toBe(16_383);
    expect(vector).toContain(`'${"x".repeat(500)}'`);
  });
});

describe("what is looked for", () => {
  it.each([
    ["two words", "('two':*) & ('words':*)"],
    ['"as it is" and', "('as' <-> 'it' <-> 'is') & ('and':*)"],
    ["file-name", "('file' <-> 'name':*)"],
    ["it's & | ! <-> ':*", "('it' <-> 's':*)"],
    ["東京", "('東' <-> '京':*)"],
  ])("%s is %s", (text, query) => {
    expect(searchQuery({ text })).toBe(query);
  });
  it.each(["", " ", '""', "!?"])("is nothing in %j", (text) => {
    expect(searchQuery({ text })).toBeNull();
  });
});
