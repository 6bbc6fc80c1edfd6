import { z } from "zod";
import { promptReportSchema, readReportSchema } from "./call.ts";
import {
  completionRefSchema,
  completionSchema,
  promptViewSchema,
  resourceTemplateViewSchema,
  resourceViewSchema,
} from "./offer.ts";

const none = z.undefined().optional();
const server = z.string().min(1).max(200);
/** As its server wrote it, which may be long. */
const name = z.string().min(1).max(1000);
const resource = z.strictObject({ server, uri: z.string().min(1).max(8192) });
const promptArguments = z.record(z.string().max(1000), z.string().max(1_048_576));

/** What a window may ask of what servers offer beside tools; a part of the contract. */
export const offerProcedures = {
  "resources.list": { input: none, output: z.array(resourceViewSchema) },
  "resources.templates": { input: none, output: z.array(resourceTemplateViewSchema) },
  /** As `tools.call`: `id` is the window's, and `tools.cancel` takes it back. */
  "resources.read": { input: resource.extend({ id: z.uuid() }), output: readReportSchema },
  /** From now on, for as long as the console runs, `resource.updated` tells of this resource. Once is enough. */
  "resources.subscribe": { input: resource, output: z.void() },
  "resources.unsubscribe": { input: resource, output: z.void() },
  /** What the console is subscribed to. */
  "resources.subscriptions": { input: none, output: z.array(resource) },

  "prompts.list": { input: none, output: z.array(promptViewSchema) },
  /** As `tools.call`. */
  "prompts.get": {
    input: z.strictObject({ id: z.uuid(), server, name, arguments: promptArguments }),
    output: promptReportSchema,
  },
  /** What a half-written argument of a prompt, or variable of a template, may become. `context` holds the others. */
  "completions.complete": {
    input: z.strictObject({
      server,
      ref: completionRefSchema,
      argument: z.strictObject({ name, value: z.string().max(8192) }),
      context: promptArguments,
    }),
    output: completionSchema,
  },
} as const;

/** What the core tells of them. */
export const offerEvents = {
  /** What a server lists as resources, or as templates of them, is another. */
  "resources.changed": z.object({ server: z.string() }),
  "prompts.changed": z.object({ server: z.string() }),
  /** A resource that somebody is subscribed to may read otherwise now. */
  "resource.updated": z.object({ server: z.string(), uri: z.string() }),
} as const;
