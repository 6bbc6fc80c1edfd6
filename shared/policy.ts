import { z } from "zod";
import { pinStandingSchema } from "./pin.ts";
import { serverIdSchema } from "./server.ts";

/** From loose to strict: it runs, a person decides, it is refused. */
export const permissionLevelSchema = z.enum(["ALWAYS", "REQUIRE_APPROVAL", "NEVER"]);
export type PermissionLevel = z.infer<typeof permissionLevelSchema>;

const strictness = { ALWAYS: 0, REQUIRE_APPROVAL: 1, NEVER: 2 } as const satisfies Record<PermissionLevel, number>;

export function isStricter(level: PermissionLevel, than: PermissionLevel): boolean {
  return strictness[level] > strictness[than];
}

const hiddenCharacter = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a name holds control, bidi, zero-width or otherwise invisible characters, and so is not what it looks like. */
export function hasHiddenCharacters(name: string): boolean {
  return hiddenCharacter.test(name);
}

const text = z.string();
const globSchema = z.string().max(1000, "a glob has at most 1,000 characters");

/** `server.tool`; the first dot ends the server. */
const toolNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*\.[^*?]+$/, "must be `server.tool`, without * or ?: a server id, a dot, the tool's name");

/** `server.tool`, or a glob over it that some server id can match. */
const toolGlobSchema = globSchema.regex(
  /^(?:[a-z0-9][a-z0-9_-]*\.[^]|(?:[a-z0-9][a-z0-9_-]*)?[*?])/,
  "must be `server.tool`, or a glob over it with * and ?; it can match no tool as it stands",
);

/** A path into a call's arguments: `repo`, `filter.owner`, `items[0].id`. */
const argumentPathSchema = z
  .string()
  .regex(
    /^[^.[\]]+(?:\[(?:0|[1-9]\d{0,8})\]|\.[^.[\]]+)*$/,
    "must be a path such as `repo`, `filter.owner` or `items[0].id`",
  );

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof scalarSchema>;

/** A map that says nothing is refused, since it would hold always; not said twice where its only key is already a fault. */
const notEmpty = <T extends z.ZodType<object>>(schema: T, error: string) =>
  schema.refine((value) => Object.keys(value).length > 0, { error, when: ({ issues }) => issues.length === 0 });

const operatorsSchema = notEmpty(
  z
    .strictObject({
      equals: scalarSchema,
      not_equals: scalarSchema,
      one_of: z.array(scalarSchema).min(1),
      not_one_of: z.array(scalarSchema).min(1),
      less_than: z.number(),
      less_than_or_equal: z.number(),
      greater_than: z.number(),
      greater_than_or_equal: z.number(),
      pattern: globSchema,
      starts_with: text,
      ends_with: text,
      contains: text,
      exists: z.boolean(),
    })
    .partial(),
  "needs at least one operator",
);
export type Operators = z.infer<typeof operatorsSchema>;

const singleMatcherSchema = z.union([globSchema, z.number(), z.boolean(), z.null(), operatorsSchema]);
const argumentMatcherSchema = z.union([singleMatcherSchema, z.array(singleMatcherSchema).min(1)]);
/** What one argument must be: a glob or a value, operators that must all hold, or a list of these of which one must. */
export type ArgumentMatcher = z.infer<typeof argumentMatcherSchema>;

const conditionSchema = notEmpty(
  z
    .strictObject({
      tool: toolNameSchema,
      tool_pattern: toolGlobSchema,
      server: serverIdSchema,
      environment: text.min(1),
      client: text.min(1),
      args_match: notEmpty(z.record(argumentPathSchema, argumentMatcherSchema), "needs at least one argument"),
    })
    .partial(),
  "needs at least one key; default_permission is for what always holds",
);

const contextRuleSchema = z.strictObject({
  name: text.min(1),
  description: text.optional(),
  condition: conditionSchema,
  permission: permissionLevelSchema,
  approval_message: text.optional(),
});
export type ContextRuleEntry = z.infer<typeof contextRuleSchema>;

const toolEntrySchema = z.strictObject({
  permission: permissionLevelSchema,
  description: text.optional(),
  approval_message: text.optional(),
});

const minutes = z.number().positive();
const count = z.number().int().positive();
const rateSchema = z.strictObject({ calls_per_minute: count.optional(), calls_per_hour: count.optional() });

/** Whether an entry of `escalate_to` is the address of a webhook; anything else names somebody whom the webhooks are to tell. */
export function isAddress(entry: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(entry);
}

const webhookSchema = z.union([
  z.url({ protocol: /^https$/ }),
  z.url({ protocol: /^http$/, hostname: /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/ }),
]);
const withUser = /^[^/]*\/\/[^/\\?#]*@/;

const escalateToSchema = text
  .min(1)
  .max(2000)
  .refine(
    (entry) => !isAddress(entry) || (webhookSchema.safeParse(entry).success && !withUser.test(entry)),
    "a webhook is an https:// address without a user or a password (http:// on this machine alone)",
  );

const approvalSchema = z.strictObject({
  /** How long a ticket waits before it expires. */
  default_timeout_minutes: minutes.default(30),
  auto_approve_enabled: z.boolean().default(false),
  auto_approve_patterns: z.array(toolGlobSchema).default([]),
  escalation: z
    .strictObject({
      /** A ticket that nobody has answered for so long raises an alert, once. */
      escalate_after_minutes: minutes,
      /** Webhooks that every alert is posted to, signed; and names (a mail address, a channel) that the webhooks are told to tell. */
      escalate_to: z.array(escalateToSchema).max(20).default([]),
    })
    .optional(),
});

const auditSchema = z.strictObject({
  log_all_invocations: z.boolean().default(true),
  log_approval_decisions: z.boolean().default(true),
  /**
   * Each counts one client's calls of one tool, in a sliding window, and raises an alert once a window. `high_frequency`: every call,
   * however it ends. `repeated_denials`: those that the policy, a quarantine or a person refused. They refuse nothing themselves.
   */
  alerts: z
    .array(
      z.strictObject({
        type: z.enum(["high_frequency", "repeated_denials"]),
        threshold: count,
        window_minutes: minutes,
      }),
    )
    .default([]),
});

/** `mcp_permissions.yaml`, whole; what a file leaves out is filled with its default. */
export const policyFileSchema = z.strictObject({
  default_permission: permissionLevelSchema,
  server_defaults: z
    .record(serverIdSchema, z.strictObject({ default: permissionLevelSchema, description: text.optional() }))
    .default({}),
  tools: z.record(toolGlobSchema, toolEntrySchema).default({}),
  environments: z
    .record(
      text.min(1),
      z.strictObject({
        description: text.optional(),
        default_permission: permissionLevelSchema.optional(),
        overrides: z.record(toolGlobSchema, permissionLevelSchema).default({}),
      }),
    )
    .default({}),
  context_rules: z.array(contextRuleSchema).default([]),
  dangerous_patterns: z
    .array(z.strictObject({ pattern: toolGlobSchema, permission: permissionLevelSchema, description: text.optional() }))
    .default([]),
  approval: approvalSchema.prefault({}),
  audit: auditSchema.prefault({}),
  rate_limits: z
    .strictObject({ global: rateSchema.optional(), servers: z.record(serverIdSchema, rateSchema).default({}) })
    .prefault({}),
});
export type PolicyFile = z.infer<typeof policyFileSchema>;

/** One fault of the policy file. Line and column count from 1; `null` where the file could not be read at all. */
export const policyProblemSchema = z.object({
  message: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  /** Where in the file's structure, e.g. `context_rules[0].permission`. */
  path: z.string().optional(),
});
export type PolicyProblem = z.infer<typeof policyProblemSchema>;

/** What is known of the policy file; times are wall-clock milliseconds. While it is invalid every call is refused. */
export const policyStatusSchema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("valid"),
    file: z.string(),
    loadedAt: z.number(),
    /** SHA-256 of the file's bytes, hex. */
    hash: z.string(),
    defaultPermission: permissionLevelSchema,
    environments: z.array(z.string()),
    ruleCount: z.number().int(),
  }),
  z.object({
    state: z.literal("invalid"),
    file: z.string(),
    loadedAt: z.number(),
    problems: z.array(policyProblemSchema).min(1),
  }),
]);
export type PolicyStatus = z.infer<typeof policyStatusSchema>;
export type ValidPolicyStatus = Extract<PolicyStatus, { state: "valid" }>;
export type InvalidPolicyStatus = Extract<PolicyStatus, { state: "invalid" }>;

/** The call that is asked about. The server and the tool are compared exactly. */
export const policyQuestionSchema = z.strictObject({
  server: z.string(),
  tool: z.string(),
  /** Taken as they are, never copied: what is judged is what would be sent. */
  args: z.custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  ),
  environment: z.string(),
  /** Who calls: a gateway client's name, `console` or `library`. */
  client: z.string(),
  toolState: z.strictObject({
    /** What its definition is worth. */
    definition: pinStandingSchema,
    hiddenCharacters: z.boolean(),
  }),
});
export type PolicyQuestion = z.infer<typeof policyQuestionSchema>;

export const traceStepSchema = z.object({
  /** What kind of thing was looked at. */
  step: z.enum([
    "context_rule",
    "override",
    "environment_default",
    "tool",
    "server_default",
    "default",
    "floor",
    "auto_approve",
    "caller",
    "grant",
  ]),
  /** What was looked at, e.g. `context_rules[0] small_charges`. */
  name: z.string(),
  /** The line of the policy file that it stands on; `null` where it stands on none. */
  line: z.number().int().nullable(),
  /** `indeterminate`: the arguments cannot be judged. `raised`: a floor that applies. */
  outcome: z.enum(["spoke", "silent", "indeterminate", "raised"]),
  /** What it said; `null` where it said nothing. The first step with a level, floors aside, is the resolved one. */
  level: permissionLevelSchema.nullable(),
  /** Why, in words. Never holds a value of the call's arguments. */
  detail: z.string(),
});
export type TraceStep = Readonly<z.infer<typeof traceStepSchema>>;

export const policyDecisionSchema = z.object({
  /** The stricter of `resolvedLevel` and the floors; still `REQUIRE_APPROVAL` where `autoApproved`. */
  level: permissionLevelSchema,
  /** What the rules alone say. */
  resolvedLevel: permissionLevelSchema,
  /** What decided: the `name` of its step. */
  rule: z.string(),
  /** The line that it stands on. */
  line: z.number().int().nullable(),
  approvalMessage: z.string().optional(),
  /** The approval that is required is given by `policy:auto`. */
  autoApproved: z.boolean(),
  trace: z.array(traceStepSchema),
});
export type PolicyDecision = z.infer<typeof policyDecisionSchema>;
