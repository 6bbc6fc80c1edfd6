/** What `docs/policy.md` shows is what a user would copy: it loads, and decides as the page says. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.ts";
import { parsePolicyTests, runPolicyTests } from "./policy-tests.ts";
import { policyOf, questionOf } from "./policy-fixture.ts";

const page = readFileSync(fileURLToPath(new URL("../../../docs/policy.md", import.meta.url)), "utf8");
const [whole, offers, assertions] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text!);

describe("the page about the policy", () => {
  it("shows a file that loads, and assertions that it meets", () => {
    const tests = parsePolicyTests(assertions!);
    if (!tests.ok) throw new Error(JSON.stringify(tests.problems));
    const results = runPolicyTests(policyOf(whole!), tests.tests);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(3);
  });

  it("shows how resources and prompts are decided about", () => {
    const policy = policyOf(offers!);
    const level = (tool: string, args: Record<string, unknown>) =>
      evaluate(policy, questionOf({ server: "docs", tool, args })).level;
    expect(level("prompts/get", { name: "greet", arguments: {} })).toBe("ALWAYS");
    expect(level("resources/read", { uri: "docs://public/a/b" })).toBe("ALWAYS");
    expect(level("resources/read", { uri: "docs://public/../private" })).toBe("NEVER");
    expect(level("resources/read", { uri: "docs://private/a" })).toBe("NEVER");
  });
});
