import canonicalize from "canonicalize";
import { createHash } from "node:crypto";

/** What a server says of a tool that a person relies on when they accept it. */
export type ToolDefinition = {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  inputSchema: object;
  outputSchema?: object | undefined;
  annotations?: object | undefined;
};

/** SHA-256, hex, of the canonical JSON (RFC 8785) of a tool's definition: the order of properties is no change, an invisible character is. */
export function toolFingerprint({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
}: ToolDefinition): string {
  const definition = canonicalize({ name, title, description, inputSchema, outputSchema, annotations });
  return createHash("sha256")
    .update(definition ?? "")
    .digest("hex");
}
