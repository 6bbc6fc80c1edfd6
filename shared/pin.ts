import { z } from "zod";

/**
 * What a tool's definition is worth, by what people and first lists accepted:
 * `accepted`: it is the one that was accepted last; `new`: it came to a known server, and nobody has looked at it; `changed`: it is not
 * the one that was accepted last; `suspect`: nobody has accepted it, and it raises a serious warning; `blocked`: a person refused the tool.
 */
export const pinStandingSchema = z.enum(["accepted", "new", "changed", "suspect", "blocked"]);
export type PinStanding = z.infer<typeof pinStandingSchema>;

/** Whether a tool of this standing is in quarantine: its calls are refused, and it waits for a person's verdict. */
export function isQuarantined(standing: PinStanding): standing is "changed" | "suspect" {
  return standing === "changed" || standing === "suspect";
}

/** What is pinned of a tool: what a person, or a model, relies on when they choose to call it. */
export const toolDefinitionSchema = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});
export type ToolDefinition = z.infer<typeof toolDefinitionSchema>;

/** Every sign of a definition that is not what it seems. One that is `serious` keeps a tool from being accepted unseen. */
export const pinWarningCodes = {
  hidden_characters: {
    serious: true,
    meaning: "It holds characters that a person cannot see and a model reads.",
  },
  mixed_scripts: {
    serious: true,
    meaning: "Its name mixes letters that look alike: it may be taken for another tool.",
  },
  instructions: {
    serious: true,
    meaning: "It speaks to the model: it tells it what to do, to ignore or to keep from you.",
  },
  duplicate_name: {
    serious: true,
    meaning: "Its server lists more than one tool of this name.",
  },
  secret_places: {
    serious: false,
    meaning: "It names a place where keys or passwords are kept.",
  },
  remote_ref: {
    serious: false,
    meaning: "Its schema points to another address. It is never fetched, so arguments are not checked against it.",
  },
  same_name_elsewhere: {
    serious: false,
    meaning: "Another server has another tool of this name: a model may mix them up.",
  },
  other_server: {
    serious: false,
    meaning: "It speaks of another server's tool, which it may want to steer.",
  },
} as const satisfies Record<string, { serious: boolean; meaning: string }>;

export type PinWarningCode = keyof typeof pinWarningCodes;

export const pinWarningSchema = z.object({
  code: z.enum(Object.keys(pinWarningCodes) as [PinWarningCode, ...PinWarningCode[]]),
  /** Where in the definition: `description`, `inputSchema.properties.path.title`. */
  where: z.string(),
  /** What stands there, cut short; or the servers that are meant. */
  excerpt: z.string(),
});
export type PinWarning = z.infer<typeof pinWarningSchema>;

/** A tool as it is pinned, without its definition; times are wall-clock milliseconds. */
export const pinViewSchema = z.object({
  server: z.string(),
  tool: z.string(),
  standing: pinStandingSchema,
  /** SHA-256, hex, of the definition that the server gave last. */
  fingerprint: z.string(),
  /** Since when it stands so, by whom and why. */
  since: z.number(),
  by: z.string(),
  why: z.string().nullable(),
  /** `gone`: its server lists it no more. `unseen`: its server has given no list since the start. */
  presence: z.enum(["listed", "gone", "unseen"]),
  warnings: z.array(pinWarningSchema),
});
export type PinView = z.infer<typeof pinViewSchema>;

/** One entry of a tool's history: what became of a definition. */
export const pinRecordSchema = z.object({
  at: z.number(),
  standing: pinStandingSchema,
  fingerprint: z.string(),
  /** A person's place (`console`, `terminal`), `first list`, or `switchgear`. */
  by: z.string(),
  why: z.string().nullable(),
});
export type PinRecord = z.infer<typeof pinRecordSchema>;

export const pinDetailSchema = z.object({
  pin: pinViewSchema,
  /** What was accepted last; `null` where nothing was. */
  accepted: toolDefinitionSchema.nullable(),
  /** What the server gave last. */
  offered: toolDefinitionSchema,
  /** Newest first. */
  history: z.array(pinRecordSchema),
});
export type PinDetail = z.infer<typeof pinDetailSchema>;

/** A definition that a person has seen, and means when they give their verdict. */
export const pinChoiceSchema = z.strictObject({
  tool: z.string().min(1).max(1000),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PinChoice = z.infer<typeof pinChoiceSchema>;
