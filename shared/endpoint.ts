import { z } from "zod";
import { accessAreaSchema } from "./access.ts";
import { wireErrorSchema } from "./errors.ts";

const portSchema = z.number().int().min(1).max(65_535);

/** Where the approvals API listens. */
export const approvalsApiSettingsSchema = z.object({
  enabled: z.boolean().default(false),
  /** The address of one interface; anything but loopback needs `tls`. */
  address: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  port: portSchema.default(7441),
  /** PEM files, absolute. */
  tls: z
    .object({ cert: z.string().min(1), key: z.string().min(1) })
    .nullable()
    .default(null),
});
export type ApprovalsApiSettings = z.infer<typeof approvalsApiSettingsSchema>;

/** Where AI clients call; always on loopback. */
export const gatewaySettingsSchema = z.object({
  enabled: z.boolean().default(false),
  port: portSchema.default(7440),
});
export type GatewaySettings = z.infer<typeof gatewaySettingsSchema>;

/** Where a Prometheus server asks for metrics; always on loopback. */
export const metricsSettingsSchema = z.object({
  enabled: z.boolean().default(false),
  port: portSchema.default(7442),
});
export type MetricsSettings = z.infer<typeof metricsSettingsSchema>;

const stateSchemas = [
  z.object({ state: z.literal("off") }),
  z.object({ state: z.literal("starting") }),
  z.object({ state: z.literal("listening"), url: z.string() }),
  z.object({ state: z.literal("failed"), error: wireErrorSchema }),
] as const;
export const endpointStateSchema = z.discriminatedUnion("state", stateSchemas);
export type EndpointState = z.infer<typeof endpointStateSchema>;

/** One listener of this process. */
export const endpointViewSchema = z.object({ area: accessAreaSchema, state: endpointStateSchema });
export type EndpointView = z.infer<typeof endpointViewSchema>;

/** A program that a client starts, and speaks with over its standard input and output. */
export const bridgeCommandSchema = z.object({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});
export type BridgeCommand = z.infer<typeof bridgeCommandSchema>;
