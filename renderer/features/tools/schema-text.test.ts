import { describe, expect, it } from "vitest";
import { formObstacle, withInertText } from "./schema-text.ts";

describe("withInertText", () => {
  it("shows what titles, descriptions and property names hide", () => {
    const schema = {
      title: "a\u200bb",
      properties: { "x\u202e": { description: "c\u0000" }, title: { type: "string" } },
    };
    expect(withInertText(schema)).toEqual({
      title: "a⟨U+200B⟩b",
      properties: {
        "x\u202e": { title: "x⟨U+202E⟩", description: "c⟨U+0000⟩" },
        title: { type: "string" },
      },
    });
  });

  it("leaves values as they are: they are sent", () => {
    const schema = { default: { title: "a\u200b" }, enum: ["b\u200b"], const: "c\u200b" };
    expect(withInertText(schema)).toEqual(schema);
  });

  it("names the branches of a choice that have no name", () => {
    const schema = { anyOf: [{ type: "string", format: "date" }, { type: "null" }, { title: "Mine" }, { const: 1 }] };
    const { anyOf } = withInertText(schema) as { anyOf: { title?: string }[] };
    expect(anyOf.map((branch) => branch.title)).toEqual(["Text, date", "Nothing", "Mine", "1"]);
  });

  it("bounds long descriptions", () => {
    const { description } = withInertText({ description: "x".repeat(5_000) }) as { description: string };
    expect(description).toHaveLength(601);
  });
});

describe("formObstacle", () => {
  it("is a reference that leads out of the schema, wherever it stands", () => {
    const schema = { properties: { a: { items: [{ $ref: "https://example.com/x.json" }] } } };
    expect(formObstacle(schema)).toContain("https://example.com/x.json");
  });

  it("is not a reference within, nor a value that looks like one", () => {
    expect(formObstacle({ $ref: "#/$defs/a", default: { $ref: "https://example.com" } })).toBeNull();
  });
});
