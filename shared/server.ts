import { z } from "zod";
import { adaptiveTimeoutSettingsSchema } from "./adaptive-timeout.ts";
import { circuitBreakerSettingsSchema } from "./circuit.ts";
import { oauthConfigSchema, signInStateSchema } from "./oauth.ts";

export const serverIdSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    "a server id is lower-case letters, digits, _ and -, and starts with a letter or digit",
  );

const positiveMs = z.number().int().positive();
const bytes = z.number().int().positive();
/** A value, or a reference such as `env://GITHUB_TOKEN` that is resolved when the connection is made. */
const settingValue = z.string();

/** Settings that every server file may hold, whatever its transport. */
const commonConfig = {
  id: serverIdSchema,
  title: z.string().min(1).max(120).optional(),
  description: z.string().max(2000).optional(),
  enabled: z.boolean().default(true),
  /** Under which heading it stands on the Panel. */
  group: z.string().trim().min(1).max(60).optional(),
  /** A trusted server's `readOnlyHint` and `idempotentHint` count when a failed call may be sent again. Never loosens the policy. */
  trusted: z.boolean().default(false),
  /** Bound on one attempt, in milliseconds. */
  timeout: positiveMs.default(30_000),
  /** A shorter bound than `timeout` for tools that usually answer sooner. */
  adaptive_timeout: adaptiveTimeoutSettingsSchema.optional(),
  /** Bound on the whole call, retries included, waiting for a person excluded; milliseconds. Default: four attempts' worth. */
  total_timeout: positiveMs.optional(),
  /** How often a failed call may be sent again; 2 is three attempts in all. */
  max_retries: z.number().int().min(0).max(10).default(2),
  /** Bound on the serialised arguments, bytes. */
  max_payload_size: bytes.default(1_048_576),
  /** Bound on one message from the server, bytes. */
  max_response_size: bytes.default(10_485_760),
  /** `auto` negotiates; `modern` insists on 2026-07-28, `legacy` on 2025-11-25 and older. */
  protocol: z.enum(["auto", "modern", "legacy"]).default("auto"),
  circuit_breaker: circuitBreakerSettingsSchema.partial().optional(),
  /** Milliseconds between pings of an idle session; 0 turns them off. */
  keep_alive: z.number().int().min(0).default(30_000),
  /** Whether the server may ask its caller's model for an answer in the middle of a call. Unless said, a trusted server may. */
  sampling: z.enum(["allow", "deny"]).optional(),
  /** Who answers its questions for clients that cannot be asked: nobody, unless the console does. */
  elicitation: z.enum(["client", "console"]).default("client"),
  /** Folders that it is told of as roots where its caller has none of its own to tell; absolute, `${home}` and `${catalog}` stand for theirs. */
  roots: z.array(z.string().min(1)).default([]),
};

const stdioServerConfigSchema = z.strictObject({
  ...commonConfig,
  transport: z.literal("stdio"),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), settingValue).default({}),
  cwd: z.string().optional(),
});

const httpServerConfigSchema = z.strictObject({
  ...commonConfig,
  transport: z.literal("http"),
  url: z.string().min(1),
  headers: z.record(z.string(), settingValue).default({}),
  auth: oauthConfigSchema.optional(),
});

const websocketServerConfigSchema = z.strictObject({
  ...commonConfig,
  transport: z.literal("websocket"),
  url: z.string().min(1),
  headers: z.record(z.string(), settingValue).default({}),
  auth: oauthConfigSchema.optional(),
});

/** One file of `catalog/servers`. `command`, `args`, `cwd`, `env` and `url` may hold `${node}`, `${app}`, `${home}`, `${catalog}`, `${fault-lab}`. */
export const serverConfigSchema = z.discriminatedUnion("transport", [
  stdioServerConfigSchema,
  httpServerConfigSchema,
  websocketServerConfigSchema,
]);
export type ServerConfig = z.infer<typeof serverConfigSchema>;
const transportKindSchema = z.enum(["stdio", "http", "websocket"]);

const wallMs = z.number();

/** A connection's state; each variant carries only its own data. All times are wall-clock milliseconds. */
export const connectionStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("idle") }),
  z.object({
    kind: z.literal("connecting"),
    since: wallMs,
    /** Why it is not connected, where that is known. */
    reason: z.string().optional(),
    hint: z.string().optional(),
  }),
  z.object({
    kind: z.literal("ready"),
    since: wallMs,
    protocolVersion: z.string(),
    serverName: z.string(),
    serverVersion: z.string(),
    /** Round trip of the last ping, milliseconds. */
    pingMs: z.number().nullable(),
    lastSeenAt: wallMs,
  }),
  z.object({ kind: z.literal("degraded"), since: wallMs, reason: z.string() }),
  z.object({
    kind: z.literal("reconnecting"),
    attempt: z.number().int(),
    nextAttemptAt: wallMs,
    reason: z.string(),
    hint: z.string().optional(),
  }),
  z.object({
    kind: z.literal("parked"),
    since: wallMs,
    cause: z.enum(["needs_sign_in", "vault", "exits", "configuration"]),
    reason: z.string(),
    hint: z.string().optional(),
    stderr: z.array(z.string()),
  }),
  z.object({ kind: z.literal("closed"), reason: z.string() }),
]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** A server as the screens see it. Values of headers and environment variables never leave the core. */
export const serverViewSchema = z.object({
  id: serverIdSchema,
  title: z.string(),
  description: z.string(),
  /** `null` where its file names none. */
  group: z.string().nullable(),
  transport: transportKindSchema,
  /** The command line or the URL, with secret values masked. */
  target: z.string(),
  file: z.string(),
  enabled: z.boolean(),
  trusted: z.boolean(),
  timeoutMs: z.number(),
  maxRetries: z.number(),
  connection: connectionStateSchema,
  toolCount: z.number().int(),
  /** True where the list is the last known one of a server that is down. */
  toolsStale: z.boolean(),
  capabilities: z.array(z.string()),
  /** `null` for a server that never asked for a sign-in. */
  signIn: signInStateSchema.nullable(),
});
export type ServerView = z.infer<typeof serverViewSchema>;

export const serverLogLineSchema = z.object({
  at: wallMs,
  stream: z.enum(["stderr", "protocol", "connection"]),
  text: z.string(),
});
export type ServerLogLine = z.infer<typeof serverLogLineSchema>;
