import { z } from "zod";
import { ticketSchema } from "./approval.ts";
import { wireErrorSchema } from "./errors.ts";
import { grantSchema, grantScopeSchema } from "./grant.ts";

/** What the approvals API takes and answers; its description at `/openapi.json` is made from these. */

export const ticketQuerySchema = z.strictObject({
  state: z.enum(["pending", "resolved"]).default("pending"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const ticketListSchema = z.object({ tickets: z.array(ticketSchema) });

/** Nothing needs to be said with an approval: a body is empty, or says more than a plain yes. */
export const approvalBodySchema = z.strictObject({
  /** Sent instead of what was asked for. */
  args: z.record(z.string(), z.unknown()).optional(),
  /** For the calls that follow; this one is approved first. */
  grant: grantScopeSchema.optional(),
});

export const denialBodySchema = z.strictObject({
  /** What the caller reads. */
  reason: z.string().trim().min(1, "say why: the caller reads it").max(1000),
});

export const grantQuerySchema = z.strictObject({
  state: z.enum(["active", "all"]).default("active"),
});

export const grantListSchema = z.object({ grants: z.array(grantSchema) });

export const revocationBodySchema = z.strictObject({
  /** What the record says. */
  reason: z.string().trim().min(1, "say why, so that the record means something").max(1000),
});

export const apiErrorSchema = z.object({ error: wireErrorSchema });
