/** Policies as people write them, for the measurements. */

const verbs = ["get", "list", "search", "create", "update", "delete", "merge", "export"];
const levels = [
  "ALWAYS",
  "ALWAYS",
  "ALWAYS",
  "REQUIRE_APPROVAL",
  "REQUIRE_APPROVAL",
  "NEVER",
  "REQUIRE_APPROVAL",
  "ALWAYS",
];

/** A team's policy: some forty tools of a few servers, conditions on arguments, floors and rate limits; the bench's own calls may run. */
export function teamPolicy(allowed: readonly string[]): string {
  return write({
    default_permission: "REQUIRE_APPROVAL",
    server_defaults: { postgres: { default: "REQUIRE_APPROVAL", description: "Database" } },
    tools: {
      ...toolsOf(["github", "jira", "postgres", "slack", "stripe"]),
      "github.read_*": { permission: "ALWAYS" },
      ...Object.fromEntries(allowed.map((tool) => [tool, { permission: "ALWAYS" }])),
    },
    environments: {
      production: { overrides: { "github.merge_item": "REQUIRE_APPROVAL", "slack.*": "REQUIRE_APPROVAL" } },
      development: { default_permission: "ALWAYS", overrides: {} },
    },
    context_rules: [
      rule("small_charges", "stripe.*", { amount_usd: { less_than: 10 } }, "ALWAYS"),
      rule("test_repositories", "github.*", { repo: "*/test-*" }, "ALWAYS"),
      rule("no_secrets", "*.read_*", { path: ["**.env", "**.pem"] }, "NEVER"),
    ],
    dangerous_patterns: [
      { pattern: "*.drop_*", permission: "NEVER", description: "Never drop" },
      { pattern: "*.delete_all_*", permission: "NEVER" },
    ],
    // Looked at by every call, and reached by none.
    rate_limits: { global: { calls_per_minute: 10_000_000, calls_per_hour: 100_000_000 } },
  });
}

/** A thousand rules: context rules, tools, overrides and floors, exact ones and globs. */
export function largePolicy(): string {
  const servers = Array.from({ length: 80 }, (_, index) => `server${index}`);
  return write({
    default_permission: "REQUIRE_APPROVAL",
    tools: toolsOf(servers),
    environments: {
      production: { overrides: Object.fromEntries(servers.map((server) => [`${server}.admin_*`, "NEVER"])) },
    },
    context_rules: Array.from({ length: 200 }, (_, index) =>
      rule(
        `rule${index}`,
        `server${index % 80}.${verbs[index % verbs.length]}_*`,
        { path: `**/area${index}/*` },
        "ALWAYS",
      ),
    ),
    dangerous_patterns: Array.from({ length: 80 }, (_, index) => ({
      pattern: `*.*_everything_${index}`,
      permission: "NEVER",
    })),
  });
}

function toolsOf(servers: readonly string[]): Record<string, { permission: string }> {
  return Object.fromEntries(
    servers.flatMap((server) => verbs.map((verb, index) => [`${server}.${verb}_item`, { permission: levels[index]! }])),
  );
}

function rule(name: string, tool_pattern: string, args_match: Record<string, unknown>, permission: string) {
  return { name, condition: { tool_pattern, args_match }, permission };
}

/** JSON is YAML too. */
function write(policy: Record<string, unknown>): string {
  return JSON.stringify(policy, null, 2);
}
