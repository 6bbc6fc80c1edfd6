/** What the policy file may say and what it means there, for the editor; what is valid is judged by the core alone. */
import type { PermissionLevel } from "../../../shared/policy.ts";

export type PolicyKey = {
  /** What it is for, in a sentence. */
  about: string;
  /** The keys that stand below it, of a map or of each member of a list. */
  keys?: Readonly<Record<string, PolicyKey>>;
  /** What stands below any key that `keys` does not name. */
  each?: PolicyKey;
  /** What its keys are names of. */
  names?: "tool" | "server" | "environment";
  /** The words that it may be; others are free. */
  values?: readonly string[];
};

const levels: readonly PermissionLevel[] = ["ALWAYS", "REQUIRE_APPROVAL", "NEVER"];
const truths = ["true", "false"];
const level = (about: string): PolicyKey => ({ about, values: levels });
const permission = level("The level.");
const description: PolicyKey = { about: "A note for people; it decides nothing." };
const approvalMessage: PolicyKey = { about: "What the person who decides is asked." };
const rates: Readonly<Record<string, PolicyKey>> = {
  calls_per_minute: { about: "The most calls in any 60 seconds." },
  calls_per_hour: { about: "The most calls in any 60 minutes." },
};
const matcher: PolicyKey = {
  about:
    "A path into the arguments, such as `repo` or `items[0].id`, and what stands there: a glob, a value, operators, or a list of which one must hold.",
  keys: {
    equals: { about: "Strictly this value." },
    not_equals: { about: "Anything but this value." },
    one_of: { about: "One of these values, strictly." },
    not_one_of: { about: "None of these values." },
    less_than: { about: "A number below this." },
    less_than_or_equal: { about: "A number up to this." },
    greater_than: { about: "A number above this." },
    greater_than_or_equal: { about: "A number from this on." },
    pattern: { about: "Text that this glob matches: * within a path segment, ** across segments, ? one character." },
    starts_with: { about: "Text that begins so." },
    ends_with: { about: "Text that ends so." },
    contains: { about: "Text that holds this." },
    exists: { about: "Whether the argument is there at all.", values: truths },
  },
};

/** The whole file. */
export const policyFileKey: PolicyKey = {
  about: "The policy file.",
  keys: {
    default_permission: level("What holds for every call that nothing else speaks of. Required."),
    server_defaults: {
      about: "The level of each server's tools, unless `tools` names them.",
      names: "server",
      each: { about: "A server, by its id.", keys: { default: level("The level of its tools."), description } },
    },
    tools: {
      about: "The level of single tools, as server.tool; * is any characters, ? one. The most literal key counts.",
      names: "tool",
      each: {
        about: "A tool, or a glob over tools. NEVER here cannot be loosened by anything.",
        keys: { permission, description, approval_message: approvalMessage },
      },
    },
    environments: {
      about: "What differs in each environment; the active one is a setting.",
      names: "environment",
      each: {
        about: "An environment, by its name.",
        keys: {
          default_permission: level("What holds there before everything under `tools` is asked."),
          overrides: {
            about: "The level of single tools in this environment.",
            names: "tool",
            each: level("A tool, or a glob over tools, and its level in this environment."),
          },
          description,
        },
      },
    },
    context_rules: {
      about:
        "Rules on who calls what with which arguments, in order: the first that holds speaks, and each NEVER that holds counts.",
      keys: {
        name: { about: "What the rule is called in traces and records." },
        description,
        condition: {
          about: "When the rule holds: every key that is given must.",
          keys: {
            tool: { about: "Exactly this server.tool." },
            tool_pattern: { about: "A glob over server.tool: * any characters, ? one." },
            server: { about: "The server, by its id." },
            environment: { about: "The active environment." },
            client: { about: "Who calls: a client's name, `console`, `browser` or `library`." },
            args_match: { about: "What the arguments must be. In doubt the stricter answer counts.", each: matcher },
          },
        },
        permission: level("What the rule says where it holds."),
        approval_message: approvalMessage,
      },
    },
    dangerous_patterns: {
      about: "Floors: whatever the rest says, at least this level for the tools that match.",
      keys: {
        pattern: { about: "A glob over server.tool: * any characters, ? one." },
        permission: level("The least strict that such a tool can be."),
        description,
      },
    },
    approval: {
      about: "How people are asked.",
      keys: {
        default_timeout_minutes: { about: "How long a call waits for a person before it expires. Default 30." },
        auto_approve_enabled: { about: "Whether `auto_approve_patterns` count. Default false.", values: truths },
        auto_approve_patterns: { about: "Tools whose approval the policy itself gives; never against a floor." },
        escalation: {
          about: "Whom to tell when nobody decides.",
          keys: {
            escalate_after_minutes: { about: "How long a call waits before others are told." },
            escalate_to: { about: "URLs or addresses that are told." },
          },
        },
      },
    },
    audit: {
      about: "What is kept, and when to warn.",
      keys: {
        log_all_invocations: {
          about: "Whether arguments and results are kept; the record of a call always is.",
          values: truths,
        },
        log_approval_decisions: { about: "Whether verdicts are recorded with their reasons.", values: truths },
        alerts: {
          about: "Warnings about a client's calls.",
          keys: {
            type: { about: "What is counted.", values: ["high_frequency", "repeated_denials"] },
            threshold: { about: "How many are too many." },
            window_minutes: { about: "Within how many minutes." },
          },
        },
      },
    },
    rate_limits: {
      about: "How many calls may come; more are refused with the time to come back.",
      keys: {
        global: { about: "All servers together.", keys: rates },
        servers: { about: "By server.", names: "server", each: { about: "A server, by its id.", keys: rates } },
      },
    },
  },
};

/** What stands at a path of keys; `undefined` where the file has no such place. */
export function policyKeyAt(path: readonly string[]): PolicyKey | undefined {
  return path.reduce<PolicyKey | undefined>(
    (above, key) => (above && Object.hasOwn(above.keys ?? {}, key) ? above.keys?.[key] : above?.each),
    policyFileKey,
  );
}
