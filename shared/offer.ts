/** What servers offer beside tools: resources and their templates, prompts, completions. */

import { z } from "zod";
import { permissionViewSchema, toolResultSchema } from "./tool.ts";

/** What is asked of a server beside calls of its tools. To the policy and the journal the method is the tool's name. */
export const offerMethodSchema = z.enum(["resources/read", "prompts/get"]);
export type OfferMethod = z.infer<typeof offerMethodSchema>;

const named = {
  server: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  /** The server is down, and this is what it last had. */
  stale: z.boolean(),
  /** What the policy says of reading or getting it, as the console. */
  permission: permissionViewSchema,
};

/** For whom something is, how important, and when it last changed; as the server says. */
const annotations = z.record(z.string(), z.unknown());

/** A resource as its server lists it. */
export const resourceViewSchema = z.object({
  ...named,
  uri: z.string(),
  mimeType: z.string().nullable(),
  /** Bytes, where the server says. */
  size: z.number().nullable(),
  annotations,
});
export type ResourceView = z.infer<typeof resourceViewSchema>;

/** A family of resources, each found by filling a template in. */
export const resourceTemplateViewSchema = z.object({
  ...named,
  /** RFC 6570. */
  uriTemplate: z.string(),
  mimeType: z.string().nullable(),
  annotations,
});
export type ResourceTemplateView = z.infer<typeof resourceTemplateViewSchema>;

/** A prompt as its server lists it. */
export const promptViewSchema = z.object({
  ...named,
  arguments: z.array(
    z.object({
      name: z.string(),
      title: z.string().nullable(),
      description: z.string().nullable(),
      required: z.boolean(),
    }),
  ),
});
export type PromptView = z.infer<typeof promptViewSchema>;

const meta = z.record(z.string(), z.unknown());

/** What reading a resource gives, as the protocol has it: one or more contents, each with its `text` or its `blob` (base64). */
export const readResultSchema = z.looseObject({
  contents: z.array(
    z.looseObject({
      uri: z.string(),
      mimeType: z.string().optional(),
      text: z.string().optional(),
      blob: z.string().optional(),
      _meta: meta.optional(),
    }),
  ),
});
/** What reading a resource gives, as the protocol has it: one or more contents, each with its `text` or its `blob` (base64). */
export interface ReadResult extends z.infer<typeof readResultSchema> {}

/** A prompt with its arguments filled in, as the protocol has it: messages for a model. */
export const promptResultSchema = z.looseObject({
  description: z.string().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.looseObject({ type: z.string() }) })),
});
/** A prompt with its arguments filled in, as the protocol has it: messages for a model. */
export interface PromptResult extends z.infer<typeof promptResultSchema> {}

/** What each method answers with. */
export type OfferResults = { "resources/read": ReadResult; "prompts/get": PromptResult };

/** What a request that took the path was answered with, a tool's answer or another. */
export const answerSchema = z.union([toolResultSchema, readResultSchema, promptResultSchema]);

/** What an argument is completed for. */
export const completionRefSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("prompt"), name: z.string().min(1).max(1000) }),
  z.strictObject({ kind: z.literal("resource"), uriTemplate: z.string().min(1).max(8192) }),
]);
export type CompletionRef = z.infer<typeof completionRefSchema>;

/** What a half-written argument may become. */
export const completionSchema = z.object({
  /** At most 100, the likeliest first. */
  values: z.array(z.string()),
  /** How many there are in all, where the server says. */
  total: z.number().nullable(),
  hasMore: z.boolean(),
});
export type Completion = z.infer<typeof completionSchema>;
