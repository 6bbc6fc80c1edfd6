import { describe, expect, it } from "vitest";
import { toolFingerprint } from "./fingerprint.ts";

const tool = {
  name: "get_user",
  description: "Reads a user.",
  inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};

describe("tool fingerprint", () => {
  it("is the same whatever the order of properties", () => {
    const reordered = {
      inputSchema: { required: ["id"], properties: { id: { type: "string" } }, type: "object" },
      description: "Reads a user.",
      name: "get_user",
    };
    expect(toolFingerprint(reordered)).toBe(toolFingerprint(tool));
  });

  it("does not see what is not part of the definition", () => {
    expect(toolFingerprint({ ...tool, _meta: { seen: 1 } } as typeof tool)).toBe(toolFingerprint(tool));
  });

  it.each([
    ["one invisible character in the description", { description: "Reads\u200b a user." }],
    ["a property of the schema", { inputSchema: { ...tool.inputSchema, required: [] } }],
    ["an annotation", { annotations: { readOnlyHint: true } }],
    ["the title", { title: "User" }],
    ["the name", { name: "get_users" }],
    ["a schema of what it gives", { outputSchema: { type: "object" } }],
  ])("changes with %s", (_what, change) => {
    expect(toolFingerprint({ ...tool, ...change })).not.toBe(toolFingerprint(tool));
  });
});
