import { z } from "zod";
import { toolTimeoutSchema } from "./adaptive-timeout.ts";
import { pinStandingSchema } from "./pin.ts";
import { permissionLevelSchema } from "./policy.ts";

export const toolAnnotationsSchema = z.looseObject({
  title: z.string().optional(),
  readOnlyHint: z.boolean().optional(),
  destructiveHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
  openWorldHint: z.boolean().optional(),
});

/** What the policy says of something before its arguments are known. */
export const permissionViewSchema = z.object({
  /** `null` while the policy file is invalid: every call is refused. */
  level: permissionLevelSchema.nullable(),
  /** What decided, and its line in the policy file. */
  rule: z.string(),
  line: z.number().int().nullable(),
  /** True where the level can differ by arguments. */
  conditional: z.boolean(),
});
export type PermissionView = z.infer<typeof permissionViewSchema>;

/** A tool as its server describes it, with the permission that it resolves to for the console, without arguments. */
export const toolViewSchema = z.object({
  server: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).nullable(),
  annotations: toolAnnotationsSchema,
  stale: z.boolean(),
  timeout: toolTimeoutSchema,
  /** What its definition is worth. */
  standing: pinStandingSchema,
  permission: permissionViewSchema,
});
export type ToolView = z.infer<typeof toolViewSchema>;

const annotated = {
  /** For whom it is, and how important. */
  annotations: z.record(z.string(), z.unknown()).optional(),
  /** What the protocol leaves to others. */
  _meta: z.record(z.string(), z.unknown()).optional(),
};

/** A tool's answer, as the protocol has it; kinds of content that are not known pass through. */
export const toolResultSchema = z.looseObject({
  /** For a model or a person to read, in order. */
  content: z.array(
    z.union([
      z.looseObject({
        /** Words. */
        type: z.literal("text"),
        /** The words. */
        text: z.string(),
        ...annotated,
      }),
      z.looseObject({
        /** A picture. */
        type: z.literal("image"),
        /** Base64. */
        data: z.string(),
        /** e.g. `image/png`. */
        mimeType: z.string(),
        ...annotated,
      }),
      z.looseObject({
        /** A sound. */
        type: z.literal("audio"),
        /** Base64. */
        data: z.string(),
        /** e.g. `audio/wav`. */
        mimeType: z.string(),
        ...annotated,
      }),
      z.looseObject({
        /** Where something can be read. */
        type: z.literal("resource_link"),
        /** Its address. */
        uri: z.string(),
        /** What it is called. */
        name: z.string(),
        ...annotated,
      }),
      z.looseObject({
        /** Something, whole. */
        type: z.literal("resource"),
        /** What it is, with its `text` or its `blob`. */
        resource: z.looseObject({
          /** Its address. */
          uri: z.string(),
        }),
        ...annotated,
      }),
      z.looseObject({
        /** A kind that is not known here. */
        type: z.string(),
      }),
    ]),
  ),
  /** For a program to read; it fits the tool's output schema, where it has one. */
  structuredContent: z.unknown().optional(),
  /** Whether the tool failed: `content` then says why. */
  isError: z.boolean().optional(),
});
/** A tool's answer, as the protocol has it; kinds of content that are not known pass through. */
export interface ToolResult extends z.infer<typeof toolResultSchema> {}
