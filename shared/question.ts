import { z } from "zod";

/** What a server asks a person in the middle of a call, where the console answers. Times are wall-clock milliseconds. */
export const questionSchema = z.object({
  id: z.string(),
  /** The call in the middle of which it is asked. */
  invocationId: z.string(),
  server: z.string(),
  tool: z.string(),
  /** Who made the call. */
  client: z.string(),
  askedAt: z.number(),
  expiresAt: z.number(),
  /** In the server's own words. */
  message: z.string(),
  /** A form to fill in, by a JSON Schema; or an address to open. */
  asks: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("form"), schema: z.record(z.string(), z.unknown()) }),
    z.object({ kind: z.literal("url"), url: z.string() }),
  ]),
  /** `over` once it was answered, taken back, or nobody answered in time. */
  state: z.enum(["open", "over"]),
});
export type Question = z.infer<typeof questionSchema>;

/** `decline` is a no; `cancel` puts it away without a choice. */
export const questionAnswerSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("accept"), content: z.record(z.string(), z.unknown()).optional() }),
  z.strictObject({ action: z.literal("decline") }),
  z.strictObject({ action: z.literal("cancel") }),
]);
export type QuestionAnswer = z.infer<typeof questionAnswerSchema>;
