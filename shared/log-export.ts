import { z } from "zod";

/** `jsonl`: a line a call with its whole timeline; `csv`: a row a call. */
export const logFormatSchema = z.enum(["jsonl", "csv"]);
export type LogFormat = z.infer<typeof logFormatSchema>;

export const exportProgressSchema = z.object({
  id: z.string(),
  /** Calls written so far. */
  calls: z.number().int(),
  /** How much of the time that it covers is done, 0 to 1. */
  share: z.number(),
});
export type ExportProgress = z.infer<typeof exportProgressSchema>;
