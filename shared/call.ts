import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";
import { invocationSchema } from "./invocation.ts";
import { promptResultSchema, readResultSchema } from "./offer.ts";
import { policyDecisionSchema } from "./policy.ts";
import { toolResultSchema } from "./tool.ts";

/** What the console shows of a call that it made itself. */
export const callReportSchema = z.object({
  invocation: invocationSchema,
  result: toolResultSchema.nullable(),
  error: wireErrorSchema.nullable(),
});
export type CallReport = z.infer<typeof callReportSchema>;

/** As a call's report, of a resource that was read. */
export const readReportSchema = callReportSchema.extend({ result: readResultSchema.nullable() });
export type ReadReport = z.infer<typeof readReportSchema>;

/** As a call's report, of a prompt that was got. */
export const promptReportSchema = callReportSchema.extend({ result: promptResultSchema.nullable() });
export type PromptReport = z.infer<typeof promptReportSchema>;

/** The report of each method. */
export type OfferReports = { "resources/read": ReadReport; "prompts/get": PromptReport };

export const callPreviewSchema = z.object({
  /** `null` while the policy file is invalid. */
  decision: policyDecisionSchema.nullable(),
  /** What stands in the call's way before the policy is asked or after it, in words; empty where nothing does. */
  obstacles: z.array(wireErrorSchema),
});
export type CallPreview = z.infer<typeof callPreviewSchema>;
