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
  permission: z.object({
    /** `null` while the policy file is invalid: every call is refused. */
    level: permissionLevelSchema.nullable(),
    /** What decided, and its line in the policy file. */
    rule: z.string(),
    line: z.number().int().nullable(),
    /** True where the level can differ by arguments. */
    conditional: z.boolean(),
  }),
});
export type ToolView = z.infer<typeof toolViewSchema>;

const annotated = {
  annotations: z.record(z.string(), z.unknown()).optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
};

/** A tool's answer, as the protocol has it; kinds of content that are not known pass through. */
export const toolResultSchema = z.looseObject({
  content: z.array(
    z.union([
      z.looseObject({ type: z.literal("text"), text: z.string(), ...annotated }),
      z.looseObject({ type: z.literal("image"), data: z.string(), mimeType: z.string(), ...annotated }),
      z.looseObject({ type: z.literal("audio"), data: z.string(), mimeType: z.string(), ...annotated }),
      z.looseObject({ type: z.literal("resource_link"), uri: z.string(), name: z.string(), ...annotated }),
      z.looseObject({ type: z.literal("resource"), resource: z.looseObject({ uri: z.string() }), ...annotated }),
      z.looseObject({ type: z.string() }),
    ]),
  ),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});
export type ToolResult = z.infer<typeof toolResultSchema>;
