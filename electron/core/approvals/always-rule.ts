import type { ContextRuleEntry } from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";

type Matchers = NonNullable<ContextRuleEntry["condition"]["args_match"]>;

/** What a grant for always is for. */
export type AlwaysCall = {
  server: string;
  tool: string;
  client: string;
  environment: string;
  args: Readonly<Record<string, unknown>>;
  /** What the tool's schema names: what the call left out must stay out. */
  properties: readonly string[];
};

const prefix = "always-";
/** Longer arguments make no rule that a person would read. */
const mostCharacters = 2_000;

/** The policy's rule for a grant for always: this tool, client, environment and these very arguments. @throws as `assertSayable` */
export function alwaysRule(call: AlwaysCall, { id, by, at }: { id: string; by: string; at: number }): ContextRuleEntry {
  const args_match = matchersOf(call);
  return {
    name: `${prefix}${id}`,
    description: `Granted by ${by} on ${new Date(at).toISOString()}; revoke it under Approvals, or remove it here`,
    condition: {
      tool: `${call.server}.${call.tool}`,
      client: call.client,
      environment: call.environment,
      ...(Object.keys(args_match).length > 0 && { args_match }),
    },
    permission: "ALWAYS",
  };
}

/** @throws MCPClientError `bad_request` where the policy's language cannot say these arguments */
export function assertSayable(call: Pick<AlwaysCall, "args" | "properties">): void {
  matchersOf(call);
}

/** The name of a grant's rule, in the file. */
export function alwaysRuleName(id: string): string {
  return `${prefix}${id}`;
}

/** The grant whose rule decided; `null` where another rule did. @param rule as the trace names it */
export function grantOfRule(rule: string): string | null {
  return /^context_rules\[\d+\] always-(.+)$/.exec(rule)?.[1] ?? null;
}

/** @throws as `assertSayable` */
function matchersOf({ args, properties }: Pick<AlwaysCall, "args" | "properties">): Matchers {
  if (JSON.stringify(args).length > mostCharacters)
    throw unsayable(`they are longer than ${mostCharacters} characters`);
  const matchers: Matchers = {};
  for (const [name, value] of Object.entries(args)) addMatchers(matchers, step("", name), value);
  for (const name of properties) if (!Object.hasOwn(args, name)) matchers[step("", name)] = { exists: false };
  return matchers;
}

function addMatchers(matchers: Matchers, path: string, value: unknown): void {
  if (Array.isArray(value)) {
    matchers[path] = { exists: true };
    for (const [index, item] of value.entries()) addMatchers(matchers, `${path}[${index}]`, item);
    matchers[`${path}[${value.length}]`] = { exists: false };
  } else if (typeof value === "object" && value !== null) {
    matchers[path] = { exists: true };
    for (const [name, item] of Object.entries(value)) addMatchers(matchers, step(`${path}.`, name), item);
  } else {
    matchers[path] = { equals: value as string | number | boolean | null };
  }
}

function step(base: string, name: string): string {
  if (/^[^.[\]]+$/.test(name)) return base + name;
  throw unsayable(`the policy has no way to name the argument ${JSON.stringify(name)}`);
}

function unsayable(why: string): MCPClientError {
  return new MCPClientError("bad_request", `No rule can be made of these arguments: ${why}.`, {
    hint: "Grant it for a time, or write a rule into the policy file by hand.",
  });
}
