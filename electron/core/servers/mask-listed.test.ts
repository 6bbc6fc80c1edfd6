import type { Tool } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { Redactor } from "../secrets/redact.ts";
import { maskListed } from "./mask-listed.ts";

const redactor = new Redactor();
redactor.add("postgres");
redactor.add("ghp_0123456789abcdef");

it("masks every secret in the words of a definition, and leaves the names that calls are made by", () => {
  const tool: Tool = {
    name: "postgres_query",
    title: "Query postgres",
    description: "The password is postgres",
    inputSchema: {
      type: "object",
      properties: { postgres: { type: "string", description: "postgres too" }, title: { type: "string" } },
      required: ["postgres"],
    },
  };
  expect(maskListed(tool, redactor)).toEqual({
    name: "postgres_query",
    title: "Query •••",
    description: "The password is •••",
    inputSchema: {
      type: "object",
      properties: { postgres: { type: "string", description: "••• too" }, title: { type: "string" } },
      required: ["postgres"],
    },
  });
});

it("masks a long secret wherever it stands, names too", () => {
  const tool: Tool = {
    name: "get-ghp_0123456789abcdef",
    inputSchema: { type: "object", properties: { ghp_0123456789abcdef: { default: "ghp_0123456789abcdef" } } },
  };
  expect(JSON.stringify(maskListed(tool, redactor))).not.toContain("ghp_");
});
