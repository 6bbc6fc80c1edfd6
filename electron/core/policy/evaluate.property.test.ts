import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pinStandingSchema } from "../../../shared/pin.ts";
import { isStricter, type PermissionLevel, type PolicyQuestion } from "../../../shared/policy.ts";
import { evaluate } from "./evaluate.ts";
import { policyOf, questionOf } from "./policy-fixture.ts";

const level = fc.constantFrom<PermissionLevel>("ALWAYS", "REQUIRE_APPROVAL", "NEVER");
const key = fc.constantFrom("a.x", "a.y", "b.x", "a.*", "*.x", "*", "?.x", "a.?");
const server = fc.constantFrom("a", "b");
const environment = fc.constantFrom("production", "staging");
const matcher = fc.constantFrom<unknown>("v*", 5, { less_than: 10 }, { exists: true }, [1, "w"]);
const condition = fc
  .record(
    {
      tool_pattern: key,
      server,
      environment,
      args_match: fc.dictionary(fc.constantFrom("n", "s"), matcher, { minKeys: 1 }),
    },
    { requiredKeys: [] },
  )
  .filter((given) => Object.keys(given).length > 0);

const source = fc.record({
  default_permission: level,
  server_defaults: fc.dictionary(server, fc.record({ default: level })),
  tools: fc.dictionary(key, fc.record({ permission: level })),
  environments: fc.dictionary(
    environment,
    fc.record({ default_permission: level, overrides: fc.dictionary(key, level) }, { requiredKeys: ["overrides"] }),
  ),
  context_rules: fc.array(fc.record({ name: fc.constant("r"), condition, permission: level }), { maxLength: 4 }),
  dangerous_patterns: fc.array(fc.record({ pattern: key, permission: level }), { maxLength: 3 }),
  approval: fc.record({ auto_approve_enabled: fc.boolean(), auto_approve_patterns: fc.array(key, { maxLength: 2 }) }),
});

const question: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    server,
    tool: fc.constantFrom("x", "y"),
    environment,
    args: fc.record(
      { n: fc.oneof(fc.integer({ max: 20 }), fc.string()), s: fc.constantFrom<unknown>("v", "w", 5, null) },
      { requiredKeys: [] },
    ),
    toolState: fc.record({ definition: fc.constantFrom(...pinStandingSchema.options), hiddenCharacters: fc.boolean() }),
  })
  .map(questionOf);

describe("a decision", () => {
  it("is never looser than a floor or than what the rules resolve to", () => {
    fc.assert(
      fc.property(source, question, (given, asked) => {
        const decision = evaluate(policyOf(given), asked);
        const bounds = decision.trace.filter(({ step }) => step === "floor").flatMap((step) => step.level ?? []);
        for (const bound of [...bounds, decision.resolvedLevel]) expect(isStricter(bound, decision.level)).toBe(false);
        expect([...bounds, decision.resolvedLevel]).toContain(decision.level);
      }),
    );
  });

  it("is never looser than the floors of the documentation, told apart by hand", () => {
    fc.assert(
      fc.property(source, question, (given, asked) => {
        const name = `${asked.server}.${asked.tool}`;
        const overrides = given.environments[asked.environment]?.overrides ?? {};
        const named = name in given.tools || name in overrides;
        const refused =
          given.tools[name]?.permission === "NEVER" ||
          overrides[name] === "NEVER" ||
          (!named && given.server_defaults[asked.server]?.default === "NEVER") ||
          given.dangerous_patterns.some(
            ({ pattern, permission }) => permission === "NEVER" && [name, "*"].includes(pattern),
          ) ||
          ["changed", "suspect", "blocked"].includes(asked.toolState.definition);
        const decision = evaluate(policyOf(given), asked);
        if (refused) expect(decision.level).toBe("NEVER");
        if (asked.toolState.definition !== "accepted" || asked.toolState.hiddenCharacters) {
          expect(decision.level).not.toBe("ALWAYS");
          expect(decision.autoApproved).toBe(false);
        }
      }),
    );
  });

  it("is given by policy:auto only where an approval is all that the rules ask for", () => {
    fc.assert(
      fc.property(source, question, (given, asked) => {
        const decision = evaluate(policyOf(given), asked);
        if (!decision.autoApproved) return;
        expect(given.approval.auto_approve_enabled).toBe(true);
        expect([decision.level, decision.resolvedLevel]).toEqual(["REQUIRE_APPROVAL", "REQUIRE_APPROVAL"]);
      }),
    );
  });

  it("is the same each time, and changes neither the policy nor the question", () => {
    fc.assert(
      fc.property(source, question, (given, asked) => {
        const policy = policyOf(given);
        const before = structuredClone(asked);
        const decision = evaluate(policy, asked);
        expect(evaluate(policy, asked)).toEqual(decision);
        expect(evaluate(policyOf(given), asked)).toEqual(decision);
        expect(asked).toEqual(before);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).map(([name, inner]) => [name, reversed(inner)] as const);
      return Object.fromEntries(entries.toReversed());
    };
    fc.assert(
      fc.property(source, question, (given, asked) => {
        const one = evaluate(policyOf(given), asked);
        const other = evaluate(policyOf(reversed(given) as typeof given), asked);
        const names = ["level", "resolvedLevel", "rule", "autoApproved"] as const;
        for (const name of names) expect(other[name]).toBe(one[name]);
      }),
    );
  });
});
