import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parsePolicy, readPolicy, type PolicyLoad } from "./load.ts";

const first = (load: PolicyLoad) => (load.ok ? undefined : load.problems[0]);
const valid = "default_permission: NEVER\n";

describe("a hostile file", () => {
  const deep = 20_000;
  it.each([
    ["lists", "[".repeat(deep)],
    ["closed lists", "[".repeat(deep) + "]".repeat(deep)],
    ["maps", "{a: ".repeat(deep)],
    ["entries", "- ".repeat(deep)],
    ["keys", "? ".repeat(deep)],
    ["indentation", Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ])("of nested %s is refused without a deep stack", (_, text) => {
    expect(first(parsePolicy(text, "f"))?.message).toContain("nested deeper than 32 levels");
  });

  it("may nest as deep as the limit", () => {
    expect(first(parsePolicy("[".repeat(32) + "]".repeat(32), "f"))?.message).toContain("expected a map");
    expect(first(parsePolicy("[".repeat(33) + "]".repeat(33), "f"))?.message).toContain("nested deeper");
  });

  it("is refused for its size", () => {
    expect(first(parsePolicy(`# ${"é".repeat(600_000)}`, "f"))?.message).toContain("larger than 1024 KiB");
  });
});

describe("a policy file on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it("is read with its lines, its hash and its defaults", () => {
    const read = readPolicy(file("good.yaml", `# policy\r\n${valid}`));
    if (!read.ok) throw new Error("refused");
    expect(read.policy.default.line).toBe(2);
    expect(read.policy.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(read.policy.file.approval).toEqual({
      default_timeout_minutes: 30,
      auto_approve_enabled: false,
      auto_approve_patterns: [],
    });
    expect(read.text).toContain("# policy");
  });

  it("is a problem without a line where it cannot be read, whatever the reason", () => {
    const large = file("large.yaml", "");
    truncateSync(large, 2_000_000);
    const paths = [
      join(folder, "missing.yaml"),
      folder,
      large,
      file("latin.yaml", Buffer.from([0xe9])),
      join(large, "x"),
    ];
    const problems = paths.map((path) => {
      const read = readPolicy(path);
      expect(read.text).toBeNull();
      return first(read);
    });
    const messages = ["does not exist", "not a file", "larger than", "not UTF-8", "cannot be read"];
    expect(problems).toEqual(
      messages.map((message) => ({ message: expect.stringContaining(message), line: null, column: null })),
    );
  });

  it("may be as large as the limit", () => {
    const full = `${valid}#`.padEnd(1_048_576, "x");
    expect(readPolicy(file("full.yaml", full)).ok).toBe(true);
    expect(readPolicy(file("more.yaml", `${full}x`)).ok).toBe(false);
  });

  it("keeps its text where it does not validate", () => {
    expect(readPolicy(file("bad.yaml", "a: 1\n"))).toMatchObject({ ok: false, text: "a: 1\n" });
  });
});

it("a rule stands on the line of its key, though its value begins below", () => {
  const load = parsePolicy("default_permission:\n  NEVER\n", "f");
  expect(load).toMatchObject({ ok: true, policy: { default: { line: 1 } } });
});

describe("what the file may say", () => {
  it("is everything that the documentation shows", () => {
    const load = parsePolicy(
      `
default_permission: REQUIRE_APPROVAL
server_defaults:
  postgres: { default: REQUIRE_APPROVAL, description: Database }
tools:
  "github.get_user":    { permission: ALWAYS, description: Read-only }
  "github.delete_repo": { permission: NEVER }
  "github.merge_pr":    { permission: REQUIRE_APPROVAL, approval_message: Merge into the main branch? }
environments:
  production:
    default_permission: REQUIRE_APPROVAL
    overrides: { "github.get_user": ALWAYS }
context_rules:
  - name: small_charges
    condition:
      tool: stripe.charge
      tool_pattern: "stripe.*"
      server: stripe
      environment: production
      client: claude-desktop
      args_match:
        amount_usd: { less_than: 10.0 }
        repo: "*/test-*"
        items[0].id: [1, null, { one_of: [a, true] }]
    permission: ALWAYS
dangerous_patterns:
  - { pattern: "*.drop_*", permission: NEVER, description: Never drop }
approval:
  default_timeout_minutes: 30
  auto_approve_enabled: false
  auto_approve_patterns: []
  escalation: { escalate_after_minutes: 15, escalate_to: [] }
audit:
  log_all_invocations: true
  log_approval_decisions: true
  alerts:
    - { type: high_frequency,   threshold: 10, window_minutes: 5 }
    - { type: repeated_denials, threshold: 3,  window_minutes: 10 }
rate_limits:
  global:  { calls_per_minute: 60, calls_per_hour: 1000 }
  servers: { github: { calls_per_minute: 30, calls_per_hour: 500 } }
`,
      "f",
    );
    expect(load).toMatchObject({ ok: true, policy: { path: "f", ruleCount: 9 } });
  });
});
