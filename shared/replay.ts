import { z } from "zod";
import { permissionLevelSchema, policyProblemSchema } from "./policy.ts";

/** Calls of one tool by one client that a draft policy decides otherwise than they were decided. */
export const replayChangeSchema = z.object({
  server: z.string(),
  tool: z.string(),
  client: z.string(),
  environment: z.string(),
  was: z.object({ level: permissionLevelSchema, rule: z.string() }),
  /** `line` of the draft; `null` where the rule stands on none. */
  becomes: z.object({ level: permissionLevelSchema, rule: z.string(), line: z.number().int().nullable() }),
  calls: z.number().int(),
  /** Wall-clock milliseconds of the latest. */
  lastAt: z.number(),
  /** Ids of the latest calls, newest first; at most five. */
  examples: z.array(z.string()),
});
export type ReplayChange = z.infer<typeof replayChangeSchema>;

export const replayReportSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(false), problems: z.array(policyProblemSchema) }),
  z.object({
    ok: z.literal(true),
    /** Logged calls of the period. */
    calls: z.number().int(),
    /** Those that the draft decides as they were decided. */
    same: z.number().int(),
    changed: z.number().int(),
    /** Those whose arguments matter and were not kept whole: cut, masked or dropped. */
    unjudged: z.number().int(),
    /** Those that no policy decided: by the state of the tool, the caller's own wish, or refused before the policy was asked. */
    notByPolicy: z.number().int(),
    /** Most calls first. */
    changes: z.array(replayChangeSchema),
    tookMs: z.number(),
  }),
]);
export type ReplayReport = z.infer<typeof replayReportSchema>;
