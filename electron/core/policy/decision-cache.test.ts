import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pinStandingSchema } from "../../../shared/pin.ts";
import { DecisionCache } from "./decision-cache.ts";
import { evaluate } from "./evaluate.ts";
import { policyOf, questionOf } from "./policy-fixture.ts";

const policy = policyOf({
  tools: { "github.get_user": { permission: "ALWAYS" }, "github.*": { permission: "NEVER" } },
  environments: { staging: { overrides: { "github.get_user": "NEVER" } } },
  context_rules: [
    {
      name: "cheap",
      condition: { tool: "stripe.charge", args_match: { usd: { less_than: 10 } } },
      permission: "ALWAYS",
    },
    { name: "by_client", condition: { client: "cursor", server: "files" }, permission: "ALWAYS" },
  ],
  dangerous_patterns: [{ pattern: "*.drop_*", permission: "NEVER" }],
});

describe("the decision cache", () => {
  it("hands out the same decision again where no argument can change it", () => {
    const cache = new DecisionCache(policy);
    const first = cache.decide(questionOf({ args: { a: 1 } }));
    expect(cache.decide(questionOf({ args: { b: 2 } }))).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it("remembers it while others are asked for", () => {
    const cache = new DecisionCache(policy);
    const first = cache.decide(questionOf());
    for (let n = 0; n < 10; n += 1) cache.decide(questionOf({ client: `client-${n}` }));
    expect(cache.decide(questionOf())).toBe(first);
  });

  it("knows whether arguments can change it", () => {
    const cache = new DecisionCache(policy);
    expect(cache.dependsOnArguments(questionOf({ server: "stripe", tool: "charge" }))).toBe(true);
    expect(cache.dependsOnArguments(questionOf())).toBe(false);
  });

  it("judges each call anew where arguments matter", () => {
    const cache = new DecisionCache(policy);
    const charge = (usd: number) => cache.decide(questionOf({ server: "stripe", tool: "charge", args: { usd } })).level;
    expect([charge(5), charge(50), charge(5)]).toEqual(["ALWAYS", "REQUIRE_APPROVAL", "ALWAYS"]);
  });

  it("never takes one name for another, however names are cut", () => {
    const cache = new DecisionCache(policyOf({ tools: { "a.bc": { permission: "ALWAYS" } } }));
    expect(cache.decide(questionOf({ server: "a", tool: "bc" })).level).toBe("ALWAYS");
    expect(cache.decide(questionOf({ server: "ab", tool: "c" })).level).toBe("REQUIRE_APPROVAL");
  });

  it("agrees with the evaluation for any sequence of questions", () => {
    const name = fc.constantFrom("github", "stripe", "files", "a", "", "1 2");
    const question = fc.record({
      server: name,
      tool: fc.constantFrom("get_user", "charge", "drop_all", "x", "", "0 0"),
      args: fc.record({ usd: fc.constantFrom(1, 100, "5") }),
      environment: fc.constantFrom("production", "staging", ""),
      client: fc.constantFrom("console", "cursor", ""),
      toolState: fc.record({
        definition: fc.constantFrom(...pinStandingSchema.options),
        hiddenCharacters: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 30 }), (questions) => {
        const cache = new DecisionCache(policy);
        for (const each of questions) expect(cache.decide(each)).toEqual(evaluate(policy, each));
      }),
    );
  });

  it("stays bounded, whatever names callers make up", () => {
    const cache = new DecisionCache(policy);
    const first = cache.decide(questionOf());
    for (let n = 0; n < 2_000; n += 1) cache.decide(questionOf({ client: `client-${n}` }));
    const again = cache.decide(questionOf());
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});
