import { z } from "zod";
import { catalogStatusSchema } from "./catalog.ts";
import { policyStatusSchema } from "./policy.ts";

/** Something that the operator must know and that no screen of its own tells: a damaged journal set aside, an older runtime. */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(["info", "warning", "error"]),
  message: z.string(),
  hint: z.string().optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** How long a call waits for a person, minutes. Where the variable governs it, the policy file's own number does not count. */
export const approvalTimeSchema = z.object({
  minutes: z.number(),
  governedBy: z.enum(["policy-file", "environment-variable"]),
  variable: z.string(),
});
export type ApprovalTimeView = z.infer<typeof approvalTimeSchema>;

/** Whether this instance's circuits are one with those of others. */
export const circuitSharingSchema = z.discriminatedUnion("state", [
  /** `instances` counts this one too. */
  z.object({ state: z.literal("shared"), place: z.string(), instances: z.number().int() }),
  /** It is asked for, but Redis is away: circuits go by what happens here. */
  z.object({ state: z.literal("alone"), place: z.string(), reason: z.string() }),
]);
export type CircuitSharing = z.infer<typeof circuitSharingSchema>;

/** What the top bar always says. */
export const appStatusSchema = z.object({
  version: z.string(),
  /** The runtime, e.g. `Electron 45.4.1` or `Node 20.20.2`. */
  runtime: z.string(),
  mcp: z.object({
    enabled: z.boolean(),
    governedBy: z.enum(["setting", "environment-variable"]),
  }),
  environment: z.string(),
  policy: policyStatusSchema,
  catalog: catalogStatusSchema,
  journal: z.discriminatedUnion("state", [
    z.object({ state: z.literal("ready"), file: z.string() }),
    z.object({ state: z.literal("unavailable"), file: z.string(), reason: z.string(), hint: z.string() }),
  ]),
  pendingApprovals: z.number().int(),
  /** What servers ask a person, and nobody has answered. */
  openQuestions: z.number().int(),
  approvalTime: approvalTimeSchema,
  circuitsNotClosed: z.number().int(),
  /** Tools whose calls are refused until a person has looked at their definitions. */
  toolsInQuarantine: z.number().int(),
  /** `null` where nobody asked for it. */
  circuitSharing: circuitSharingSchema.nullable(),
  notices: z.array(noticeSchema),
});
export type AppStatus = z.infer<typeof appStatusSchema>;
