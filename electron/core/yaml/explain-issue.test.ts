import { expect, it } from "vitest";
import { z } from "zod";
import { explainIssues } from "./explain-issue.ts";

it.each<[string, z.ZodType, unknown, string]>([
  [
    "alternatives within alternatives",
    z.union([z.union([z.string(), z.number()]), z.null()]),
    true,
    "expected text, a finite number or null; found true",
  ],
  [
    "the alternative that was meant",
    z.union([z.string(), z.array(z.number())]),
    ["a"],
    "expected a finite number; found `a`",
  ],
  ["neither a type nor a value", z.union([z.string(), z.string().min(3)]), 1, "expected text; found 1"],
  ["a bound that may be reached", z.number().min(2), 1, "must be greater than or equal to 2"],
  ["a bound that may not", z.number().gt(2), 2, "must be greater than 2"],
  ["a type without a word of its own", z.date(), "x", "expected date; found `x`"],
  [
    "the kinds that there are",
    z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })]),
    { kind: "c" },
    "expected a or b; found `c`",
  ],
  ["one choice", z.literal("a"), "b", "expected a; found `b`"],
  ["a check in its own words", z.string().regex(/a/, "needs an a"), "b", "needs an a"],
])("tells of %s", (_, schema, data, message) => {
  const issues = schema.safeParse(data).error?.issues ?? [];
  expect(explainIssues(issues, data).map((fault) => fault.message)).toEqual([message]);
});
