import { describe, expect, it } from "vitest";
import { hasChange, maxChildren, toJsonTree, type JsonNode } from "./json-diff.ts";

function child(node: JsonNode, key: string): JsonNode {
  const found = node.kind === "leaf" ? undefined : node.children.find((other) => other.key === key);
  if (!found) throw new Error(`no child ${key}`);
  return found;
}

describe("toJsonTree", () => {
  it("marks nothing where there is nothing to compare with", () => {
    expect(hasChange(toJsonTree({ a: 1, b: [1, { c: null }] }))).toBe(false);
  });

  it("marks nothing where nothing differs, whatever the order of the keys", () => {
    expect(hasChange(toJsonTree({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }))).toBe(false);
  });

  it("marks the very leaf that differs, with what it was", () => {
    const tree = toJsonTree(
      { repo: "acme/site", filter: { owner: "eve" } },
      { repo: "acme/site", filter: { owner: "ann" } },
    );
    expect(tree.change).toBe("same");
    expect(child(tree, "repo").change).toBe("same");
    expect(child(child(tree, "filter"), "owner")).toMatchObject({ change: "changed", value: "eve", before: "ann" });
  });

  it("tells an added null from a missing key, and lists what is gone last", () => {
    const tree = toJsonTree({ added: null }, { gone: { deep: 1 } });
    expect(child(tree, "added").change).toBe("added");
    expect(child(tree, "gone").change).toBe("removed");
    expect(child(child(tree, "gone"), "deep").change).toBe("removed");
    expect(tree.kind !== "leaf" && tree.children.map((node) => node.key)).toEqual(["added", "gone"]);
  });

  it("calls a value of another type changed as a whole", () => {
    const tree = toJsonTree({ a: [1] }, { a: { 0: 1 } });
    expect(child(tree, "a")).toMatchObject({ change: "changed", kind: "array", before: { 0: 1 } });
  });

  it("shows what differs even in a list too long to show", () => {
    const before = Array.from({ length: maxChildren + 50 }, (_, index) => index);
    const tree = toJsonTree(before.with(maxChildren + 40, -1), before);
    expect(tree).toMatchObject({ size: maxChildren + 50, omitted: 50 });
    expect(child(tree, String(maxChildren + 40)).change).toBe("changed");
  });

  it("survives arguments nested without end", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    expect(() => toJsonTree(deep, [0])).not.toThrow();
  });
});
