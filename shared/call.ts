import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";
import { invocationSchema } from "./invocation.ts";
import { policyDecisionSchema } from "./policy.ts";
import { toolResultSchema } from "./tool.ts";

/** What the console shows of a call that it made itself. */
export const callReportSchema = z.object({
  invocation: invocationSchema,
  result: toolResultSchema.nullable(),
  error: wireErrorSchema.nullable(),
});
export type CallReport = z.infer<typeof callReportSchema>;

export const callPreviewSchema = z.object({
  /** `null` while the policy file is invalid. */
  decision: policyDecisionSchema.nullable(),
  /** What stands in the call's way before the policy is asked or after it, in words; empty where nothing does. */
  obstacles: z.array(wireErrorSchema),
});
export type CallPreview = z.infer<typeof callPreviewSchema>;
