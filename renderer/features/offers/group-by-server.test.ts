import { describe, expect, it } from "vitest";
import { groupByServer, type Offer } from "./group-by-server.ts";

const offer = (server: string, name: string, rest: Partial<Offer> = {}): Offer => ({
  ...{ server, name, title: null, description: null, stale: false },
  ...rest,
});
const offers = [
  offer("b", "two"),
  offer("a", "sum", { description: "Adds numbers" }),
  offer("b", "one", { stale: true }),
];
const names = (text: string, ...more: [((o: Offer) => string)?, ((o: Offer) => boolean)?]) =>
  groupByServer(offers, text, ...more).map((group) => [group.server, group.items.map(({ name }) => name)]);

describe("groupByServer", () => {
  it("puts servers and what they offer in order", () => {
    expect(names("")).toEqual([
      ["a", ["sum"]],
      ["b", ["one", "two"]],
    ]);
  });

  it("counts numbers in names as numbers", () => {
    const numbered = ["page 10", "page 9"].map((name) => offer("a", name));
    expect(groupByServer(numbered, "")[0]?.items.map(({ name }) => name)).toEqual(["page 9", "page 10"]);
  });

  it("finds every word anywhere in what each says of itself, and in what else is searched", () => {
    expect(names("ADDS sum")).toEqual([["a", ["sum"]]]);
    expect(names("b.tw")).toEqual([["b", ["two"]]]);
    expect(names("adds two")).toEqual([]);
    expect(names("file:two", ({ name }) => `file:${name}`)).toEqual([["b", ["two"]]]);
  });

  it("keeps what comes last behind the others of its server", () => {
    expect(names("b.", undefined, ({ name }) => name === "one")).toEqual([["b", ["two", "one"]]]);
  });

  it("marks a server whose list is stale", () => {
    expect(groupByServer(offers, "").map((group) => group.stale)).toEqual([false, true]);
  });
});
