import { z } from "zod";

/** Bounds an attempt by what its tool usually takes, between a floor and the server's `timeout`. Off unless asked for. */
export const adaptiveTimeoutSettingsSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** The shortest bound that may come of it, seconds. */
  floor_seconds: z.number().positive().default(1),
});

/** What bounds one attempt of a tool as things stand. */
export const toolTimeoutSchema = z.object({
  /** The bound, milliseconds. */
  ms: z.number(),
  /** Where it comes from; `null` where the tool's server does not ask for an adaptive one. */
  adaptive: z
    .discriminatedUnion("state", [
      /** Too few answers to go by: the configured timeout holds. */
      z.object({ state: z.literal("learning"), answers: z.number().int(), needed: z.number().int() }),
      z.object({ state: z.literal("active"), p99Ms: z.number() }),
      /** It cut more attempts short than it may: the configured timeout holds until they are past. */
      z.object({ state: z.literal("resting"), cut: z.number().int() }),
    ])
    .nullable(),
});
export type ToolTimeout = z.infer<typeof toolTimeoutSchema>;
