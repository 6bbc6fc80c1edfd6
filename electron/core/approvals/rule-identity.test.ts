import { expect, it } from "vitest";
import { ruleIdentity } from "./rule-identity.ts";

it.each([
  ["context_rules[0] small", "context_rules small"],
  ["context_rules[12] small", "context_rules small"],
  ["tools github.get_user", "tools github.get_user"],
  ["context_rules[x] small", "context_rules[x] small"],
  ["tools context_rules[0] small", "tools context_rules[0] small"],
])("%s is the same rule wherever it stands: %s", (rule, identity) => {
  expect(ruleIdentity(rule)).toBe(identity);
});
