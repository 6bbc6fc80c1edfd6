import { expect, it } from "vitest";
import { textsOf } from "./definition-texts.ts";

it("the texts of a definition are all that a model reads of it, each with its place", () => {
  const tool = {
    name: "read_file",
    title: "Read",
    description: "Reads a file.",
    inputSchema: { type: "object", properties: { path: { title: "Path", enum: ["a", "b"], maxLength: 9 } } },
    outputSchema: { type: "string" },
    annotations: { title: "Reader", readOnlyHint: true, extra: null },
    _meta: { note: "not of the definition" },
  };
  expect(textsOf(tool).map(({ where, text }) => `${where}: ${text}`)).toEqual([
    "name: read_file",
    "title: Read",
    "description: Reads a file.",
    "inputSchema.type: type",
    "inputSchema.type: object",
    "inputSchema.properties: properties",
    "inputSchema.properties.path: path",
    "inputSchema.properties.path.title: title",
    "inputSchema.properties.path.title: Path",
    "inputSchema.properties.path.enum: enum",
    "inputSchema.properties.path.enum[0]: a",
    "inputSchema.properties.path.enum[1]: b",
    "inputSchema.properties.path.maxLength: maxLength",
    "outputSchema.type: type",
    "outputSchema.type: string",
    "annotations.title: title",
    "annotations.title: Reader",
    "annotations.readOnlyHint: readOnlyHint",
    "annotations.extra: extra",
  ]);
});
