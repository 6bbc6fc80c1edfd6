import { expect, it } from "vitest";
import { asToolResult } from "./as-tool-result.ts";

it("leaves a tool's answer as it is", () => {
  const result = { content: [{ type: "text", text: "a" }], isError: true };
  expect(asToolResult(result)).toBe(result);
});

it("shows what a resource holds as embedded resources", () => {
  const contents = [{ uri: "demo://a", text: "a" }];
  expect(asToolResult({ contents })).toEqual({ content: [{ type: "resource", resource: contents[0] }] });
});

it("shows a prompt's messages in their order", () => {
  const [one, two] = [
    { type: "text", text: "one" },
    { type: "text", text: "two" },
  ];
  const messages = [
    { role: "user", content: one },
    { role: "assistant", content: two },
  ];
  expect(asToolResult({ messages })).toEqual({ content: [one, two] });
});
