import { z } from "zod";
import { ticketSchema } from "./approval.ts";
import { wireErrorSchema } from "./errors.ts";

/** What the approvals API takes and answers; its description at `/openapi.json` is made from these. */

export const ticketQuerySchema = z.strictObject({
  state: z.enum(["pending", "resolved"]).default("pending"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const ticketListSchema = z.object({ tickets: z.array(ticketSchema) });

/** Nothing needs to be said with an approval: a body is empty, or an empty object. */
export const approvalBodySchema = z.strictObject({});

export const denialBodySchema = z.strictObject({
  /** What the caller reads. */
  reason: z.string().trim().min(1, "say why: the caller reads it").max(1000),
});

export const apiErrorSchema = z.object({ error: wireErrorSchema });
