import { z } from "zod";
import { desktopSettingsSchema } from "./desktop.ts";
import { approvalsApiSettingsSchema, gatewaySettingsSchema, metricsSettingsSchema } from "./endpoint.ts";

/** How much of what was called the journal keeps; the audit chain stays whole. */
export const retentionSettingsSchema = z.object({
  days: z.number().int().min(1).max(3_650).default(30),
  /** Millions of bytes. */
  megabytes: z.number().int().min(10).max(1_000_000).default(1_000),
});
export type RetentionSettings = z.infer<typeof retentionSettingsSchema>;

/** The base of an OpenTelemetry receiver (OTLP over HTTP), e.g. `http://localhost:4318`. */
export const telemetryEndpointSchema = z
  .url({
    protocol: /^https?$/,
    error: "an address begins with http:// or https:// and names a host, e.g. http://localhost:4318",
  })
  .refine(
    (address) => !/^[^/]*\/\/[^/?#]*@/.test(address),
    "an address holds no name or password: it is shown and recorded",
  )
  .refine(
    (address) => !/[?#]/.test(address),
    "an address ends before any ? or #: /v1/traces and /v1/metrics are added",
  );

/** Who is told of calls; nobody, unless set. */
export const telemetrySettingsSchema = z.object({ endpoint: telemetryEndpointSchema.nullable().default(null) });

export const settingsSchema = z.object({
  /** The environment that the policy judges by. */
  environment: z.string().min(1).default("production"),
  theme: z.enum(["system", "light", "dark"]).default("system"),
  /** The master switch, where `MAGSAG_MCP_ENABLED` does not govern it. */
  mcpEnabled: z.boolean().default(false),
  desktop: desktopSettingsSchema.prefault({}),
  approvalsApi: approvalsApiSettingsSchema.prefault({}),
  gateway: gatewaySettingsSchema.prefault({}),
  metrics: metricsSettingsSchema.prefault({}),
  retention: retentionSettingsSchema.prefault({}),
  telemetry: telemetrySettingsSchema.prefault({}),
  /** Exact origins under which the console is opened in a browser beside its own, as `http://127.0.0.1:9000` where a tunnel begins. */
  consoleOrigins: z.array(z.string()).max(20).default([]),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A setting that an environment variable may take over; then the console only shows it. */
const governed = <T extends z.ZodType>(value: T) =>
  z.object({ value, governedBy: z.enum(["setting", "environment-variable"]), variable: z.string() });

export const settingsViewSchema = z.object({
  environment: governed(z.string()),
  mcpEnabled: governed(z.boolean()),
  theme: z.enum(["system", "light", "dark"]),
  desktop: desktopSettingsSchema,
  approvalsApi: approvalsApiSettingsSchema,
  gateway: gatewaySettingsSchema,
  metrics: metricsSettingsSchema,
  retention: retentionSettingsSchema,
  telemetry: governed(telemetrySettingsSchema),
  /** Where the settings are kept. */
  file: z.string(),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;
