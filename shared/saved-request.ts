import { z } from "zod";

/** What a saved request may be called. */
export const requestNameSchema = z.string().trim().min(1, "give it a name").max(120);

/** A call that a person keeps to make again. */
export const savedRequestSchema = z.object({
  id: z.string(),
  server: z.string(),
  tool: z.string(),
  /** Its own among those of the tool. */
  name: z.string(),
  args: z.record(z.string(), z.unknown()),
  /** Wall-clock milliseconds. */
  savedAt: z.number(),
});
export type SavedRequest = z.infer<typeof savedRequestSchema>;
