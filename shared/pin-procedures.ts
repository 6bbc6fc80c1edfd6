import { z } from "zod";
import { pinChoiceSchema, pinDetailSchema, pinViewSchema } from "./pin.ts";

const none = z.undefined().optional();
const id = z.string().min(1).max(200);
/** As its server wrote it, which may be long. */
const toolName = z.string().min(1).max(1000);
const why = z.string().trim().min(1, "say why, so that the record means something").max(500);

/** What a window may ask of the definitions of tools; a part of the contract. */
export const pinProcedures = {
  "pins.list": { input: none, output: z.array(pinViewSchema) },
  "pins.get": { input: z.strictObject({ server: id, tool: toolName }), output: pinDetailSchema },
  /** All of them, or none where one is no longer what was seen. */
  "pins.accept": {
    input: z.strictObject({ server: id, tools: z.array(pinChoiceSchema).min(1).max(10_000), why }),
    output: z.void(),
  },
  "pins.block": {
    input: z.strictObject({ server: id, tools: z.array(toolName).min(1).max(10_000), why }),
    output: z.void(),
  },
} as const;
