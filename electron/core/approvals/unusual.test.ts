import { describe, expect, it } from "vitest";
import { unusualIn } from "./unusual.ts";

const marks = (args: unknown, ...earlier: unknown[]) =>
  unusualIn(args, earlier).map(({ kind, path }) => `${kind} ${path}`);

describe("a call", () => {
  it("is compared with nothing where nothing was approved before", () => {
    expect(unusualIn({ path: "/etc" }, [])).toEqual([]);
  });

  it.each<[string, unknown, unknown, string[]]>([
    ["the same", { path: "/srv/a" }, { path: "/srv/a" }, []],
    ["another value", { amount: 5 }, { amount: 9 }, []],
    ["a new argument", { amount: 5, force: true }, { amount: 9 }, ["shape force"]],
    ["another type", { amount: "5" }, { amount: 9 }, ["shape amount"]],
    ["null for a value", { amount: null }, { amount: 9 }, ["shape amount"]],
    ["an argument left out", {}, { amount: 9 }, []],
    ["more items", { ids: [1, 2, 3] }, { ids: [1] }, []],
    ["items of another shape", { ids: [{ all: true }] }, { ids: [1] }, ["shape ids[].all"]],
    ["something deep", { a: { b: { c: 1 } } }, { a: { b: { d: 1 } } }, ["shape a.b.c"]],
    ["a place beside", { path: "/srv/a/y" }, { path: "/srv/a/x" }, []],
    ["a place below", { path: "/srv/a/b/c" }, { path: "/srv/a/x" }, []],
    ["a place above", { path: "/srv/y" }, { path: "/srv/a/x" }, ["place path"]],
    ["a place with the same beginning", { path: "/srv/abc/x" }, { path: "/srv/a/x" }, ["place path"]],
    ["a place below the root", { path: "/etc/x" }, { path: "/x" }, ["place path"]],
    ["another file in the root", { path: "/y" }, { path: "/x" }, []],
    ["a climbing place", { path: "/srv/a/../../etc/x" }, { path: "/srv/a/x" }, ["place path"]],
    ["a home", { path: "~/.ssh/id" }, { path: "~/notes/x" }, ["place path"]],
    ["a drive", { path: "C:\\Users\\x" }, { path: "C:\\Users\\y" }, []],
    ["another drive", { path: "D:\\x" }, { path: "C:\\Users\\y" }, ["place path"]],
    ["another host", { url: "https://evil.test/a" }, { url: "https://good.test/a" }, ["place url"]],
    ["the same host", { url: "HTTPS://good.test/b" }, { url: "https://good.test/a" }, []],
    [
      "another host that begins the same",
      { url: "https://gone.test/a" },
      { url: "https://good.test/a" },
      ["place url"],
    ],
    ["words about another address", { to: "see https://evil.test/a" }, { to: "see https://good.test/a" }, []],
    ["words with a slash", { to: "and/or" }, { to: "yes/no" }, []],
    ["a folder above", { path: "../x" }, { path: "./y" }, ["place path"]],
    ["another file above", { path: "../x" }, { path: "../y" }, ["place path"]],
    ["a folder that climbs at its end", { path: "/srv/a/.." }, { path: "/srv/a/x" }, ["place path"]],
    ["a place for a word", { to: "/etc/x" }, { to: "word" }, ["place to"]],
    ["a word for a place", { to: "word" }, { to: "/etc/x" }, []],
    ["no object at all", "text", 5, ["shape "]],
  ])("with %s", (_what, args, earlier, expected) => {
    expect(marks(args, earlier)).toEqual(expected);
  });

  it("is compared with all that was approved", () => {
    expect(marks({ path: "/b/x", n: 1 }, { path: "/a/x" }, { path: "/b/y" }, { n: 2 })).toEqual([]);
    expect(marks({ path: "/a/z" }, { path: "/a/x" }, { path: "/b/y" })).toEqual([]);
  });

  it("is marked once for each argument, and not without end", () => {
    expect(marks({ ids: ["a", "b"] }, { ids: [1] })).toEqual(["shape ids[]"]);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`a${n}`, n]));
    expect(marks(many, { b: 1 })).toHaveLength(20);
    const first = (count: number) => Object.fromEntries(Object.entries(many).slice(0, count));
    expect(marks(first(1_000), first(999))).toEqual(["shape a999"]);
    expect(marks(first(1_001), first(1_000))).toEqual([]);
  });
});
